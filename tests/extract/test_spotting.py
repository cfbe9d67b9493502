"""Which spans of English news are place names: conventions, hard cases, and what the candidates are."""

import numpy as np
import pytest

from geodata.contracts import Extractor
from geodata.errors import SetupError
from geodata.event_types import load_event_types
from geodata.extract import make_extractor
from geodata.extract.candidates import candidates
from geodata.extract.spotting import choose
from geodata.extract.story import Entity, Paragraph, dateline_end
from geodata.geocode.matcher import AutomatonMatcher
from geodata.model import Document, NameMatch, Span
from geodata.settings import Settings


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They fled northern Iraq.", ["Iraq"]),
        ("The Anhui province was hit.", ["Anhui"]),
        ("In North Korea it rained.", ["Korea", "North Korea"]),
        ("Orange County burned.", ["Orange", "Orange County"]),
        ("Kyiv-based analysts spoke.", ["Kyiv"]),
        ("The Philippines agreed.", ["Philippines"]),
        ("the village of Al-Dalwa", ["Al-Dalwa"]),
        ("In the morning they left.", []),
        ("It cost US$10 in May.", []),
    ],
)
def test_candidates(text: str, expected: list[str]) -> None:
    assert sorted(text[start:end] for start, end in candidates(Paragraph(0, text))) == expected


def test_a_label_over_two_names_gives_both() -> None:
    text = "at Cattai and Wilberforce today"
    paragraph = Paragraph(0, text, entities=(Entity(3, 25, "GPE"),))
    assert {"Cattai", "Wilberforce"} <= {text[start:end] for start, end in candidates(paragraph)}


def test_the_gazetteers_name_is_a_candidate_inside_a_longer_one() -> None:
    text = "The California Department of Public Health spoke."
    paragraph = Paragraph(
        0, text, matches=(NameMatch(Span(4, 14), "California", 0.9),), entities=(Entity(0, 42, "ORG"),)
    )
    assert (4, 14) in candidates(paragraph)


def test_the_likelier_of_two_that_overlap_stays() -> None:
    likely = np.array([0.6, 0.9, 0.2, 0.5], np.float32)
    spans = [(0, (0, 6)), (0, (0, 12)), (0, (20, 25)), (1, (0, 6))]
    assert [(c.paragraph, c.start, c.end) for c in choose(spans, likely)] == [(0, 0, 12), (1, 0, 6)]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("KYIV, Ukraine (Reuters) - Drones came.", "KYIV, Ukraine (Reuters) - "),
        ("MELITOPOL, Nov. 12 — Gunmen fired.", "MELITOPOL, Nov. 12 — "),
        ("MOSCOW - Talks failed.", "MOSCOW - "),
        ("Kherson - a city - was hit.", ""),
        ("Gunmen fired on Monday.", ""),
    ],
)
def test_dateline(text: str, line: str) -> None:
    assert text[: dateline_end(text)] == line


@pytest.fixture(scope="module")
def reader() -> Extractor:
    settings = Settings.from_environment()
    try:
        return make_extractor(settings, AutomatonMatcher.open(settings.gazetteer_path), load_event_types())
    except SetupError as error:
        pytest.skip(f"needs the built gazetteer: {error}")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kherson was quiet on Sunday, and Melitopol was shelled again.", ["Kherson", "Melitopol"]),
        ("Paris Hilton and Jack London met in Houston on Monday.", ["Houston"]),
        ("The University of Texas and the Bank of China signed it in Berlin.", ["Berlin"]),
        ("Russian and Ukrainian officers met the Frenchmen in Geneva.", ["Geneva"]),
        ("KYIV, Ukraine (Reuters) - Russia hit Odesa overnight.", ["KYIV", "Ukraine", "Russia", "Odesa"]),
        ("Kyiv-based analysts said Kharkiv's mayor left eastern Ukraine.", ["Kyiv", "Kharkiv", "Ukraine"]),
        ("Shells fell in the Kherson region and in Donetsk Oblast.", ["Kherson", "Donetsk Oblast"]),
        ("Five Dead As Bomb Hits Market In Maiduguri", ["Maiduguri"]),
        ("BOGOTA -- TEN PEOPLE DIED IN MEDELLIN WHEN A BOMB WENT OFF NEAR A MARKET.", ["BOGOTA", "MEDELLIN"]),
        ("General Reading spoke to Ms London in Lagos, where reading is a pleasure.", ["Lagos"]),
    ],
)
def test_news(reader: Extractor, text: str, expected: list[str]) -> None:
    (made,) = reader.extract([Document("d", text)])
    assert [toponym.text for toponym in made.toponyms] == expected


def test_names_alone_are_those_of_the_whole_way(reader: Extractor) -> None:
    document = Document("d", "Shells fell in the Kherson region. Melitopol's mayor, Ivan Fedorov, left for Kyiv.")
    (whole,) = reader.extract([document])
    ((_, alone),) = reader.toponyms([document])
    assert alone == whole.toponyms


def test_an_area_word_stays_in_the_name_that_is_looked_up(reader: Extractor) -> None:
    (made,) = reader.extract([Document("d", "Shells fell in the Kherson region.")])
    (toponym,) = made.toponyms
    assert (toponym.text, toponym.name) == ("Kherson", "Kherson region")
