"""Kept first vectors are those that the model itself makes."""

import numpy as np
import pytest
import spacy

from geodata.extract import remembering
from geodata.extract.remembering import remember
from geodata.settings import Settings

TEXTS = [
    "Troops shelled the towns near the river, and there were no reports of the dead.",
    "Don't: the U.S. troops don't shell  towns.",
    "Війська обстріляли місто 5 травня.",
    "",
    "river",
]


@pytest.fixture
def models():  # type: ignore[no-untyped-def]
    nlp = spacy.load(Settings.from_environment().spacy_model)
    return nlp, {name: nlp.get_pipe(name).model for name in ("tok2vec", "ner")}


def _vectors(nlp, model, texts):  # type: ignore[no-untyped-def]
    layers = [part for part in model.walk() if part.has_ref("embed")]
    return layers[0].get_ref("embed").predict([nlp.make_doc(text) for text in texts])


@pytest.mark.parametrize("most", [remembering.MOST_KEPT, 10])
@pytest.mark.parametrize("name", ["tok2vec", "ner"])
def test_same_as_the_model(models, monkeypatch, name, most):  # type: ignore[no-untyped-def]
    monkeypatch.setattr(remembering, "MOST_KEPT", most)
    nlp, found = models
    expected = _vectors(nlp, found[name], TEXTS)
    assert remember(found[name]) == 1
    for texts, wanted in ((TEXTS, expected), (TEXTS, expected), (TEXTS[3:4], expected[3:4]), (TEXTS[1:], expected[1:])):
        made = _vectors(nlp, found[name], texts)
        assert [each.shape for each in made] == [each.shape for each in wanted]
        for one, other in zip(made, wanted, strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5)


def test_no_text_at_all(models):  # type: ignore[no-untyped-def]
    nlp, found = models
    remember(found["ner"])
    assert _vectors(nlp, found["ner"], []) == []


def test_a_model_without_such_a_layer_stays_as_it_is(models):  # type: ignore[no-untyped-def]
    nlp, _ = models
    assert remember(nlp.get_pipe("tagger").model.layers[-1]) == 0
