"""What is told of a span that may be a place name: its sources, its form, the words around, the same name elsewhere.

General properties only, none of them a word of a corpus; `FEATURES` is their order, which the model's file repeats.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from geodata.extract.candidates import Bounds, candidates
from geodata.extract.placewords import CLASSES, LOCATIVE, classes
from geodata.extract.story import Entity, Paragraph, dateline_end
from geodata.learned import Floats

Row = dict[str, float]
"""The features of a span that are not 0."""
LABELS = ("GPE", "LOC", "FAC", "ORG", "PERSON", "NORP", "OTHER")
_KNOWN = frozenset(LABELS)
_PLACES = ("GPE", "LOC", "FAC")
_LAST_WORD = re.compile(r"([^\W_][\w’'.-]*)?(\W*)$")
_FIRST_WORD = re.compile(r"([^\w]*)(\w(?:[\w’'.-]*\w)?)?")
_DEMONYM = re.compile(r"(?:[iae]ans?|ese|ish|[^aeiou]i|ites?|ers?)$")
_OPENING = re.compile(r"(?:^|[.!?:]['\"”’)]*\s+)['\"“‘(]*$")
_HYPHENED = re.compile(r"-[a-z]+")
_LISTED = re.compile(r",?\s+(?:and\s+|or\s+)?[A-Z][\w'-]+,|,?\s+and\s+[A-Z]")
_OF_WHAT = re.compile(r"([\w-]+)\s+of(?:\s+the)?\s+$")
_WORD = re.compile(r"[\w'-]+")
_LONGER_WORD = re.compile(r"[^\W\d_]{4,}")
_JOINT_BEFORE = re.compile(r"(?:,|,? and|,? or|'s| -| to| \()\s+(?:the )?$")
_JOINT_AFTER = re.compile(r"(?:,|,? and|,? or|'s| -| in| to|,? \()\s+(?:the )?")
_CONTEXT_CHARS = 60
_ENOUGH_WORDS = 6
_LIKELY = 0.6
"""Weight from which a gazetteer's name counts as a likely place beside another."""

_AROUND = ("before", "before_the", "next", "first", "last")
FEATURES = (
    *("matched", "weight", "inside_weight", "inside_share", "inside_parts", "over_weight", "over_begins_match"),
    *(f"is_{label}" for label in LABELS),
    *(f"over_{label}" for label in LABELS),
    *("over_begins", "over_ends", "over_share", "inside_place", "inside_person"),
    *("words", "length", "capitals", "dotted", "small_inside", "hyphen_inside", "digits", "demonym"),
    *("opens", "heading", "title_case", "dateline"),
    *(f"{where}_{kind}" for where in _AROUND for kind in CLASSES),
    *("capital_before", "small_before", "the_before", "small_last"),
    *("comma_before", "bracket_before", "hyphen_before", "slash_before", "quote_before", "owner_area", "owner_body"),
    *("capital_next", "small_next", "number_next", "possessive", "comma", "bracket", "hyphened", "hyphen_capital"),
    *("stop", "slash", "listed", "later_body", "later_institution", "later_named_after", "capital_body"),
    *("place_before", "place_after"),
    *("times", "same_place", "same_org", "same_person", "same_located", "in_person", "in_org"),
)
_COLUMN = {name: number for number, name in enumerate(FEATURES)}


@dataclass(slots=True)
class _Spelled:
    """What a whole document shows of one written name: how often it stands so, behind "in", labelled as what."""

    times: int = 0
    located: int = 0
    labels: dict[str, int] = field(default_factory=dict)
    in_person: int = 0
    """How often it is the last word of a longer name of a person."""
    in_org: int = 0


def features_of(paragraphs: Sequence[Paragraph]) -> tuple[list[tuple[int, Bounds]], Floats]:
    """Every candidate of a document (number of its paragraph, span in it) and its row of features."""
    spans = [(number, bounds) for number, paragraph in enumerate(paragraphs) for bounds in candidates(paragraph)]
    spelled = _spelled(paragraphs, spans)
    rows = np.zeros((len(spans), len(FEATURES)), dtype=np.float32)
    edges = [_edges(paragraph) for paragraph in paragraphs]
    lines = [dateline_end(paragraph.text) for paragraph in paragraphs]
    shares = [_title_case(paragraph.text[line:]) for paragraph, line in zip(paragraphs, lines, strict=True)]
    for number, (at, bounds) in enumerate(spans):
        paragraph = paragraphs[at]
        row: Row = {"heading": paragraph.heading, "title_case": shares[at], "dateline": bounds[1] <= lines[at]}
        _matches(row, paragraph, *bounds)
        _entities(row, paragraph, *bounds)
        _neighbours(row, paragraph.text, bounds, *edges[at])
        _form(row, paragraph.text[bounds[0] : bounds[1]])
        _words_before(row, paragraph.text[max(0, bounds[0] - _CONTEXT_CHARS) : bounds[0]])
        _words_after(row, paragraph.text[bounds[1] : bounds[1] + _CONTEXT_CHARS])
        _elsewhere(row, spelled[paragraph.text[bounds[0] : bounds[1]]])
        for name, value in row.items():
            rows[number, _COLUMN[name]] = value
    return spans, rows


def _title_case(text: str) -> float:
    """The share of capitalised words among the longer ones: 1 in a headline that capitalises all; 0 of a few words."""
    longer = _LONGER_WORD.findall(text)
    return sum(word[0].isupper() for word in longer) / len(longer) if len(longer) >= _ENOUGH_WORDS else 0.0


def _spelled(paragraphs: Sequence[Paragraph], spans: Sequence[tuple[int, Bounds]]) -> dict[str, _Spelled]:
    found: dict[str, _Spelled] = {}
    for at, (start, end) in spans:
        text = paragraphs[at].text
        item = found.setdefault(text[start:end], _Spelled())
        item.times += 1
        before = _LAST_WORD.search(text, max(0, start - 24), start)
        item.located += bool(before and before[2] == " " and before[1] and before[1].lower() in LOCATIVE)
    for paragraph in paragraphs:
        for entity in paragraph.entities:
            _note_entity(found, paragraph.text, entity)
    return found


def _note_entity(found: dict[str, _Spelled], text: str, entity: Entity) -> None:
    start, end = _own(text, entity)
    label, name = _label(entity), text[start:end]
    if item := found.get(name):
        item.labels[label] = item.labels.get(label, 0) + 1
    parts = name.split()
    if len(parts) > 1 and label == "PERSON" and (item := found.get(parts[-1])):
        item.in_person += 1
    if len(parts) > 1 and label == "ORG":
        for part in parts:
            if item := found.get(part):
                item.in_org += 1


def _label(entity: Entity) -> str:
    return entity.label if entity.label in _KNOWN else "OTHER"


def _own(text: str, entity: Entity) -> Bounds:
    """An entity's span without article and possessive."""
    start = entity.start + 4 if text.startswith(("the ", "The "), entity.start, entity.end) else entity.start
    end = entity.end - 2 if text.endswith(("'s", "'S"), start, entity.end) else entity.end
    return start, end


def _matches(row: Row, paragraph: Paragraph, start: int, end: int) -> None:
    for match in paragraph.matches:
        begin, stop = match.span.start, match.span.end
        if begin >= end:
            break
        if stop <= start:
            continue
        if begin == start and stop == end:
            row["matched"], row["weight"] = 1.0, match.weight
        elif start <= begin and stop <= end:
            row["inside_weight"] = max(row.get("inside_weight", 0.0), match.weight)
            row["inside_share"] = row.get("inside_share", 0.0) + (stop - begin) / (end - start)
            row["inside_parts"] = row.get("inside_parts", 0.0) + 1
        else:
            row["over_weight"] = max(row.get("over_weight", 0.0), match.weight)
            row["over_begins_match"] = float(begin == start)


def _entities(row: Row, paragraph: Paragraph, start: int, end: int) -> None:
    for entity in paragraph.entities:
        if entity.start >= end:
            break
        if entity.end <= start:
            continue
        label, own = _label(entity), _own(paragraph.text, entity)
        if own == (start, end):
            row[f"is_{label}"] = 1.0
        elif entity.start <= start and end <= entity.end:
            row[f"over_{label}"] = 1.0
            row["over_begins"], row["over_ends"] = float(own[0] == start), float(own[1] == end)
            row["over_share"] = (end - start) / (entity.end - entity.start)
        elif label in _PLACES:
            row["inside_place"] = 1.0
        elif label == "PERSON":
            row["inside_person"] = 1.0


def _edges(paragraph: Paragraph) -> tuple[frozenset[int], frozenset[int]]:
    """Where the likely places of a paragraph begin and end, by spaCy or by the gazetteer alone."""
    spans = [(m.span.start, m.span.end) for m in paragraph.matches if m.weight >= _LIKELY]
    spans += [_own(paragraph.text, entity) for entity in paragraph.entities if entity.label in _PLACES]
    return frozenset(start for start, _ in spans), frozenset(end for _, end in spans)


def _neighbours(row: Row, text: str, bounds: Bounds, begins: frozenset[int], ends: frozenset[int]) -> None:
    """Whether a likely place stands beside it in a list or behind it as what it lies in: "Robotyne and Kherson"."""
    before = _JOINT_BEFORE.search(text, max(0, bounds[0] - 8), bounds[0])
    after = _JOINT_AFTER.match(text, bounds[1])
    row["place_before"] = before.start() in ends if before else 0.0
    row["place_after"] = after.end() in begins if after else 0.0


def _form(row: Row, written: str) -> None:
    parts = re.split(r"[\s-]+", written)
    row["words"], row["length"] = len(parts), min(len(written), 30)
    row["capitals"], row["dotted"] = written.isupper(), "." in written
    row["small_inside"] = any(part[:1].islower() for part in parts)
    row["hyphen_inside"] = "-" in written
    row["digits"] = any(map(str.isdigit, written))
    row["demonym"] = len(parts) == 1 and bool(_DEMONYM.search(written))
    row["small_last"] = parts[-1][:1].islower()
    _note(row, "last", parts[-1])
    if len(parts) > 1:
        _note(row, "first", parts[0])


def _note(row: Row, where: str, word: str) -> None:
    for kind in classes(word):
        row[f"{where}_{kind}"] = 1.0


def _words_before(row: Row, before: str) -> None:
    row["opens"] = bool(_OPENING.search(before))
    match = _LAST_WORD.search(before)
    word, gap = (match[1] or "", match[2]) if match else ("", "")
    mark = gap.strip()
    row["comma_before"] = mark == ","
    row["bracket_before"] = "(" in mark or "[" in mark
    row["hyphen_before"] = gap == "-"
    row["slash_before"] = "/" in mark or "$" in mark
    row["quote_before"] = any(c in mark for c in "\"“'‘")
    if mark or not word:
        return
    if word.lower() == "the":
        row["the_before"] = 1.0
        further = _LAST_WORD.search(before[: match.start()].rstrip() + " ") if match else None
        if further and further[1] and further[2] == " ":
            _note(row, "before_the", further[1])
    else:
        _note(row, "before", word)
        row["capital_before"], row["small_before"] = word[0].isupper(), word[0].islower()
    if owner := _OF_WHAT.search(before):
        kinds = classes(owner[1])
        row["owner_area"] = "of_area" in kinds
        row["owner_body"] = owner[1][0].isupper() and "of_body" in kinds


def _words_after(row: Row, after: str) -> None:
    if after.startswith(("'s ", "'S ", "' ")):
        row["possessive"] = 1.0
        return
    match = _FIRST_WORD.match(after)
    gap, word = (match[1], match[2] or "") if match else ("", "")
    mark = gap.strip()
    row["comma"] = mark.startswith(",")
    row["bracket"] = mark.startswith((")", "("))
    row["hyphened"] = bool(_HYPHENED.match(after))
    row["hyphen_capital"] = gap == "-" and word[:1].isupper()
    row["stop"] = mark.startswith((".", ";", "?", "!")) or not word
    row["slash"] = "/" in mark or "$" in mark
    row["listed"] = bool(_LISTED.match(after))
    if mark or not word:
        return
    _note(row, "next", word)
    row["capital_next"], row["small_next"] = word[0].isupper(), word[0].islower()
    row["number_next"] = word[0].isdigit()
    row["capital_body"] = word[0].isupper() and "body" in classes(word)
    for later in _WORD.findall(after[len(gap) + len(word) :])[:4]:
        for kind in classes(later) if later[0].isupper() else ():
            if kind in ("body", "institution", "named_after"):
                row[f"later_{kind}"] = 1.0


def _elsewhere(row: Row, item: _Spelled) -> None:
    row["times"] = min(item.times, 6)
    row["same_located"] = item.located / item.times
    row["in_person"], row["in_org"] = min(item.in_person, 3), min(item.in_org, 3)
    known = sum(item.labels.values())
    if known:
        row["same_place"] = sum(item.labels.get(label, 0) for label in _PLACES) / known
        row["same_org"] = item.labels.get("ORG", 0) / known
        row["same_person"] = item.labels.get("PERSON", 0) / known
