"""What may be a place name in an English paragraph: entities, the gazetteer's names, and runs of capitalised words.

Each source alone misses much: a small model takes Kherson for a person, no gazetteer has every village, and a run of
capitals is mostly a person or a body. Together they hold nearly every place name that is written; `spotting` weighs
them. Spans are offsets in the paragraph and follow one convention: no article, no possessive, no small direction or
area word ("northern Iraq", "Anhui province"), but capitalised ones stay ("North Korea", "Orange County").
"""

import re
from collections.abc import Iterator

from geodata.extract.placewords import AREAS, DIRECTIONS, FORMS_OF_ADDRESS, SMALL_WORDS
from geodata.extract.story import Paragraph

_NUMBERS = frozenset(("DATE", "TIME", "MONEY", "PERCENT", "QUANTITY", "ORDINAL", "CARDINAL"))
_WORD = r"(?:[^\W\d_a-z](?:[\w’]|'(?![sS]\b))+|[A-Z]\.(?:[A-Z]\.)+|[dDlL]['’][A-Z]\w+)"
_JOIN = (
    r"(?: |-|-(?:al|el|sur|le|la|de|e|i)-| (?:de|del|la|las|los|al|el|al-|el-|ad-|bin|do|da|dos|di|du|sur|am|upon) )"
)
_RUN = re.compile(rf"(?<![\w.])(?:(?:al|el|an|ash|as|ad|ar|at|az)-)?{_WORD}(?:{_JOIN}{_WORD})*")
_ARTICLE = re.compile(r"(?:the|a|an)\s+", re.IGNORECASE)
_PARTS = re.compile(r"\s*(?:[,;:/]|\s-+\s|--|—|–|\band\b|\bor\b|&)\s*")
_LAST_WORD = re.compile(r"[\s-]+([\w.]+)$")
_FIRST_WORD = re.compile(r"([\w-]+?)[\s-]+")
MOST_WORDS = 7

Bounds = tuple[int, int]


def candidates(paragraph: Paragraph) -> list[Bounds]:
    """The spans to weigh, in text order; they overlap."""
    text = paragraph.text
    found: dict[Bounds, None] = {}
    for entity in paragraph.entities:
        if entity.label not in _NUMBERS:
            for bounds in _variants(text, entity.start, entity.end, parts=True):
                found[bounds] = None
    for match in paragraph.matches:
        for bounds in _variants(text, match.span.start, match.span.end, parts=False):
            found[bounds] = None
    for run in _RUN.finditer(text):
        for bounds in _variants(text, *_without_small_words(text, run.start(), run.end()), parts=False):
            found[bounds] = None
    return sorted(bounds for bounds in found if _may_be_name(text, bounds))


def _variants(text: str, start: int, end: int, *, parts: bool) -> Iterator[Bounds]:
    """The span trimmed, and what is left of it without words that may not belong to the name."""
    start, end = trimmed(text, start, end)
    if start >= end:
        return
    start, end = _without_small_ends(text, start, end)
    yield start, end
    if (last := _LAST_WORD.search(text, start, end)) and last[1].lower() in AREAS:
        yield start, last.start()
    first = _FIRST_WORD.match(text, start, end)
    if first and first[1].lower() in DIRECTIONS:
        yield first.end(), end
    if parts and _PARTS.search(text, start, end):
        at = start
        for gap in [*_PARTS.finditer(text, start, end)]:
            yield trimmed(text, at, gap.start())
            at = gap.end()
        yield trimmed(text, at, end)


def trimmed(text: str, start: int, end: int) -> Bounds:
    """The span without a leading article, quotation marks and a trailing possessive."""
    while start < end and not text[start].isalnum():
        start += 1
    if article := _ARTICLE.match(text, start, end):
        start = article.end()
    if text[start:end].endswith(("'s", "'S")):
        end -= 2
    while end > start and not (text[end - 1].isalnum() or _closes(text, start, end)):
        end -= 1
    return start, end


def _closes(text: str, start: int, end: int) -> bool:
    """Whether the last character belongs to the name: the full stop of U.S., a bracket opened within."""
    last = text[end - 1]
    return (last == "." and text[end - 2 : end - 1].isupper() and "." in text[start : end - 1]) or (
        last == ")" and "(" in text[start:end]
    )


def _without_small_ends(text: str, start: int, end: int) -> Bounds:
    """Without a small direction before ("northern Iraq") or a small area word behind ("Anhui province")."""
    while (first := _FIRST_WORD.match(text, start, end)) and first[1].islower() and first[1] in DIRECTIONS:
        start = first.end()
    while (last := _LAST_WORD.search(text, start, end)) and last[1].islower() and last[1] in AREAS:
        end = last.start()
    return start, end


def _without_small_words(text: str, start: int, end: int) -> Bounds:
    """Without words that only stand in capitals because a sentence begins: "The", "In", "After"."""
    while (first := _FIRST_WORD.match(text, start, end)) and first[1].lower() in SMALL_WORDS:
        start = first.end()
    return start, end


def _may_be_name(text: str, bounds: Bounds) -> bool:
    start, end = bounds
    written = text[start:end]
    return (
        1 < end - start <= 80
        and any(map(str.isupper, written))
        and written.count(" ") < MOST_WORDS
        and written.lower() not in SMALL_WORDS
        and written.partition(" ")[0].lower().rstrip(".") not in FORMS_OF_ADDRESS
        and not text.startswith("$", end)  # US$10
    )
