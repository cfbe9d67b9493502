"""Which candidates are place names: a small trained model weighs them, and the likelier of two that overlap stays."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from geodata.extract.candidates import Bounds
from geodata.extract.spans import Taken
from geodata.extract.spotfeatures import FEATURES, features_of
from geodata.extract.story import Paragraph, dateline_end
from geodata.learned import MODELS, Floats, Trees, load_trees
from geodata.model import Span

MODEL = MODELS / "spans.npz"
LEAST = 0.5
"""Likelihood from which a candidate counts as a place name."""
FILED = 0.9
"""Likelihood of the name that opens a dateline: the place where a story was filed."""
HEADING = 0.5
"""The same of a gazetteer's name that opens a headline, where there is little else ("Kupiansk shelled again")."""
LEAST_NAME, NOTE_PARAGRAPHS = 0.65, 3
"""Weight of such a name, and paragraphs of a text that is a note."""
CALLED_AREA, IN_AREA = 0.6, 0.55
"""The least of a gazetteer's name with its word for an area ("Borno State"), and of what is told to lie in one ("in the
village of A, Borno State")."""
SURE_NAME = 0.8
"""Weight of such a name: no word of everyday use has it."""
_AREA_WORDS = "Canton|County|Department|District|Governorate|Municipality|Oblast|Prefecture|Province|Raion|Region|State"
_AREA = re.compile(rf"\w\s(?:{_AREA_WORDS})$")
_CALLED = re.compile(rf"\s(?:{_AREA_WORDS})\b")
_GOES_ON = re.compile(r"['’]?\s?[A-Z]|\s(?:of|for)\s")
_LIES = re.compile(r"\b(?:in|at|near|outside|of|from|around)\s+$")


@dataclass(frozen=True, slots=True)
class Spotted:
    """A place name: the number of its paragraph, its span there, and how likely it is one."""

    paragraph: int
    start: int
    end: int
    likelihood: float


def spot(paragraphs: Sequence[Paragraph]) -> list[Spotted]:
    """The place names of a document's paragraphs, which `Parser.mark` has read, in text order."""
    spans, rows = features_of(paragraphs)
    if not spans:
        return []
    likelihoods = (1 / (1 + np.exp(-_model().margins(rows)[:, 0]))).astype(np.float32)
    return choose(spans, np.maximum(likelihoods, _by_form(paragraphs, spans)))


def _by_form(paragraphs: Sequence[Paragraph], spans: Sequence[tuple[int, Bounds]]) -> Floats:
    """What the form alone says of each span, 0 where it says nothing."""
    filed = {(at, bounds) for at, paragraph in enumerate(paragraphs) for bounds in _filed(paragraph)}
    areas = {(at, bounds) for at, paragraph in enumerate(paragraphs) for bounds in _areas(paragraph)}
    opening = (
        {(at, bounds) for at, paragraph in enumerate(paragraphs) for bounds in _opening(paragraph)}
        if len(paragraphs) <= NOTE_PARAGRAPHS
        else ()
    )
    before_area = {(at, start - len(", ")) for at, (start, _) in areas}
    found = np.zeros(len(spans), np.float32)
    for number, (at, (start, end)) in enumerate(spans):
        text = paragraphs[at].text
        if (at, (start, end)) in filed:
            found[number] = FILED
        elif (at, (start, end)) in areas:
            found[number] = CALLED_AREA
        elif (at, (start, end)) in opening:
            found[number] = HEADING
        elif (at, end) in before_area and text.startswith(", ", end) and _LIES.search(text, max(0, start - 20), start):
            found[number] = IN_AREA
    return found


def _filed(paragraph: Paragraph) -> Iterator[Bounds]:
    """A name of the gazetteer that opens a dateline with its agency ("Kyiv (Agency) - ")."""
    end = paragraph.text.find("(", 0, dateline_end(paragraph.text))
    for match in paragraph.matches:
        if match.span.end <= end and not paragraph.text[: match.span.start].strip():
            yield match.span.start, match.span.end


def _opening(paragraph: Paragraph) -> Iterator[Bounds]:
    """A name of the gazetteer that opens a headline, which spaCy does not take for a person's or a people's."""
    if not paragraph.heading:
        return
    labelled = {entity.start for entity in paragraph.entities if entity.label in ("PERSON", "NORP")}
    for match in paragraph.matches:
        goes_on = _GOES_ON.match(paragraph.text, match.span.end)
        if match.span.start == 0 and match.weight >= LEAST_NAME and 0 not in labelled and not goes_on:
            yield match.span.start, match.span.end


def _areas(paragraph: Paragraph) -> Iterator[Bounds]:
    """A name of the gazetteer with its word for an area ("Borno State"), unless it begins a longer name."""
    for match in paragraph.matches:
        start, end = match.span.start, match.span.end
        if match.weight < SURE_NAME:
            continue
        if not _AREA.search(paragraph.text, start, end):
            called = _CALLED.match(paragraph.text, end)
            end = called.end() if called else start
        if end > start and not _GOES_ON.match(paragraph.text, end):
            yield start, end


def choose(spans: Sequence[tuple[int, Bounds]], likelihoods: Floats, least: float = LEAST) -> list[Spotted]:
    """The likely ones of a document's candidates, none overlapping another: the likelier wins."""
    taken: dict[int, Taken] = {}
    found = []
    for number in np.argsort(-likelihoods, kind="stable"):
        if likelihoods[number] < least:
            break
        at, (start, end) = spans[number]
        if taken.setdefault(at, Taken()).add(Span(start, end)):
            found.append(Spotted(at, start, end, float(likelihoods[number])))
    return sorted(found, key=lambda item: (item.paragraph, item.start))


@lru_cache(maxsize=1)
def _model() -> Trees:
    return load_trees(MODEL, FEATURES)
