"""What kind of event words tell of: the pieces, and what they decide together on sentences of our own."""

import numpy as np
import pytest

from geodata.errors import UsageError
from geodata.event_types import load_event_types
from geodata.extract.concepts import Concepts, read_groups
from geodata.extract.kinds import kinds
from geodata.extract.moods import NAMES as MOODS
from geodata.extract.vectors import vectors
from geodata.extract.wordpieces import Wordpieces

NOTES = [
    ("Police used tear gas to break up a march in Nairobi on Monday.", "Protest with intervention"),
    ("Officers opened fire on demonstrators in Nairobi and four of them died.", "Excessive force against protesters"),
    ("Demonstrators in Nairobi threw stones at officers and burned two cars.", "Violent demonstration"),
    ("Some two thousand nurses marched through Nairobi to demand better pay.", "Peaceful protest"),
    ("Rebels seized Gwoza from the army and raised their flag.", "Non-state actor overtakes territory"),
    ("The army drove the rebels out of Gwoza and now holds the town.", "Government regains territory"),
    ("Rebels left Gwoza overnight and soldiers walked in without firing a shot.", "Non-violent transfer of territory"),
    ("A man threw a grenade into a bar in Mombasa.", "Grenade"),
    ("A man with an explosive belt blew himself up at the market of Kyiv.", "Suicide bomb"),
    ("Customs officers in Odesa found forty rifles in a lorry.", "Disrupted weapons use"),
    ("Turkish troops built a new outpost on a hill above Dobra.", "Headquarters or base established"),
    ("Two trains collided near Lviv and nine passengers died.", "Man-made disaster"),
    ("A boat full of cocaine was stopped off Mombasa and the traffickers were caught.", "Organised crime"),
]
NOTHING = [
    "The army plans to send more troops to Kharkiv next month.",
    "Officials denied that soldiers had looted the museum in Kherson.",
    "Kidnappings have become more frequent in Borno.",
    "The coach said that the team from Paris fought like lions.",
    "London is known for its parks.",
    "Mombasa is a hub for heroin trafficking.",
    "The government that is fighting the rebels in Borno has bought new tanks.",
    "The new law kills two birds with one stone, said a lawyer in Paris.",
    "The general warned that rebels could attack Kharkiv.",
    "Tuesday marks the tenth anniversary of the bombing in Lviv.",
]


@pytest.mark.parametrize(("text", "kind"), NOTES)
def test_kinds_of_notes(read, text: str, kind: str) -> None:
    drafts = read(text).drafts
    assert max(drafts, key=lambda draft: draft.confidence).sub_event_type == kind


@pytest.mark.parametrize("text", NOTHING)
def test_no_event(read, text: str) -> None:
    assert read(text).drafts == ()


def test_a_trigger_is_proposed_where_the_lexicon_has_no_word(read) -> None:
    (draft,) = read("Ten tankers spilled oil into the bay of Odesa on Monday and poisoned its fish.").drafts
    assert draft.event_type == "Disaster"
    assert draft.toponym is not None


def test_every_kind_is_of_the_taxonomy() -> None:
    assert set(kinds().sub_types) == {sub for kind in load_event_types().values() for sub in kind.sub_types}
    assert 0 <= kinds().calibration.share(0.0) <= kinds().calibration.share(1.0) <= 1


def test_models_fit_their_features() -> None:
    width = len(kinds().linear.feature_names)
    assert kinds().linear.weights.shape == (width, len(kinds().sub_types))
    assert kinds().happened.weights.shape == (width + len(MOODS), 1)
    rows = np.zeros((2, width), np.float32)
    assert kinds().shares(rows).sum(axis=1) == pytest.approx(1, abs=1e-5)


def test_concepts_take_the_form_as_written_the_dictionary_form_and_phrases() -> None:
    groups = Concepts({"gas": ["tear gas"], "police": ["officer"], "throw": ["threw"]})
    words = [("officers", "officer"), ("fired", "fire"), ("tear", "tear"), ("gas", "gas"), ("threw", "throw")]
    assert groups.found(words) == [(0, 1), (2, 0), (4, 2)]
    assert groups.counts(words, groups.found(words)).tolist() == [1, 1, 1]
    assert groups.counts(words * 3, groups.found(words * 3)).tolist() == [1, 1, 1]


def test_a_group_file_that_is_none_is_refused(tmp_path) -> None:
    path = tmp_path / "groups.txt"
    path.write_text("police: officer\nno colon here\n", encoding="utf-8")
    with pytest.raises(UsageError, match="line 2"):
        read_groups(path)


def test_wordpieces() -> None:
    pieces = Wordpieces(["[UNK]", "shell", "##ing", "##s", "kherson", "é"])
    assert pieces.numbers("Shelling") == [1, 2]
    assert pieces.numbers("SHELLS Kherson") == [1, 3, 4]
    assert pieces.numbers("xyz") == [0]
    assert pieces.numbers("a" * 500) == [0]
    assert pieces.numbers("") == []


def test_words_of_like_meaning_have_like_vectors() -> None:
    def near(one: str, other: str) -> float:
        return float(vectors().of_words([(one, 1.0)]) @ vectors().of_words([(other, 1.0)]))

    assert near("bombing", "explosion") > near("bombing", "agreement")
    assert near("truce", "ceasefire") > near("truce", "earthquake")
    assert not vectors().of_words([]).any()
