"""Kept word forms are those that spaCy's own steps give."""

import pytest
import spacy

from geodata.extract.wordforms import Wordforms, quicker
from geodata.settings import Settings

TEXTS = [
    "Troops shelled the towns near the river, and there were no reports of the dead.",
    "There's gonna be trouble: let's go, c'mon, y'all ain't leaving.",
    "He had gotta go; I told him what he'd got to do, and that I'd do it.",
    "Two  soldiers\n were killed and 3 drones shot down.",
    "It's said that they've left. Is that theirs? That was not what the rebels did to us.",
    "",
]


@pytest.fixture(scope="module")
def nlp():  # type: ignore[no-untyped-def]
    return spacy.load(Settings.from_environment().spacy_model)


def _forms(doc):  # type: ignore[no-untyped-def]
    return [(t.text, t.tag_, t.pos_, str(t.morph), t.lemma_, t.dep_) for t in doc]


def test_the_shipped_model_is_kept(nlp):  # type: ignore[no-untyped-def]
    assert any(isinstance(step, Wordforms) for step in quicker([step for _, step in nlp.pipeline]))


@pytest.mark.parametrize("text", TEXTS)
def test_same_as_spacy(nlp, text):  # type: ignore[no-untyped-def]
    steps = quicker([step for _, step in nlp.pipeline])
    for _ in range(2):  # learnt, then kept
        doc = nlp.make_doc(text)
        for step in steps:
            doc = step(doc)
        assert _forms(doc) == _forms(nlp(text))
