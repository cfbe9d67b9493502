"""What may be the place of an event: the sentence's place names, and names that only stand like one.

News of small places names villages, camps and streets that no gazetteer has ("the village of Zelene", "Dobra Town").
Each run of capitalised words is therefore put to the linker too, as a spot for which only its surroundings speak.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from geodata.extract.lexicon import CLASSES
from geodata.extract.rolewords import ROLES
from geodata.extract.spans import begun_in, within
from geodata.extract.story import Paragraph, Story
from geodata.model import Span, Toponym

NAMED_ONLY = 0.3
"""Confidence of a name that stands like a place and is in no gazetteer."""
_NOT_NAMES = frozenset(
    ("DATE", "TIME", "MONEY", "PERCENT", "QUANTITY", "ORDINAL", "CARDINAL", "NORP", "LANGUAGE", "LAW")
)
_LEADING = frozenset(("DET", "ADP", "PRON", "ADV", "CCONJ", "SCONJ", "VERB", "AUX", "PART", "INTJ", "NUM"))
_WORD = r"[‘`']?(?:[A-Z]\w*|\d+(?=[- ][A-Z]))(?:(?:-['‘`]|[-/'‘`])(?!s\b)[\w‘`]+)*"
_LINK = (
    r"(?: (?:de|del|la|las|los|el|al|of|the|bin|ibn|do|da|dos|e|y) (?:la |los |las |the )?"
    r"| (?:al|el|an|ash|as|ez|az)-| )"
)
_RUN = re.compile(rf"(?:\b(?:al|el|an|ash|as|ad|ar|at|az)-)?{_WORD}(?:{_LINK}{_WORD})*")
_NO_PLACE = re.compile(
    r"-(?:held|backed|controlled|financed|funded|led|run|linked|aligned|allied|affiliated|supported)$"
    r"|(?:^| )(?:Mr|Mrs|Ms|Dr|Gen|Col|Lt|Maj|Capt|Sgt|Cmdr)$"
)
"""How a run ends that only says whose something is ("ISIS-held"), or what somebody is called."""
_IN = re.compile(
    r",\s+(?:in\s+)?(?:the\s+)?|(?:\s+[a-z-]+){0,3}\s+(?:in|of|near|outside|at)\s+(?:the\s+)?(?:[\w-]+\s+){0,3}",
    re.IGNORECASE,
)
"""What stands between a name and the place that it lies in."""
_MAX_WORDS = 7


@dataclass(frozen=True, slots=True)
class Words:
    """A parsed sentence as plain lists: asked many times, and spaCy makes each answer anew."""

    start: int
    """Number of the first word in its paragraph."""
    offset: int
    """Where the sentence starts in its paragraph."""
    text: str
    lower: list[str]
    lemma: list[str]
    pos: list[str]
    tag: list[str]
    dep: list[str]
    head: list[int]
    ent: list[str]
    ent_begin: list[bool]
    at: list[int]
    """Offsets of the words in the sentence."""

    def number(self, offset: int) -> int:
        """The word that holds or follows an offset of the sentence."""
        return max(0, bisect_right(self.at, offset) - 1)


def read_words(sentence: Any) -> Words:
    """The lists of a spaCy sentence; heads as numbers within it."""
    tokens = list(sentence)
    start, offset = tokens[0].i, tokens[0].idx
    return Words(
        start,
        offset,
        sentence.text,
        [t.lower_ for t in tokens],
        [t.lemma_.lower() for t in tokens],
        [t.pos_ for t in tokens],
        [t.tag_ for t in tokens],
        [t.dep_ for t in tokens],
        [t.head.i - start for t in tokens],
        [t.ent_type_ for t in tokens],
        [t.ent_iob_ == "B" for t in tokens],
        [t.idx - offset for t in tokens],
    )


@dataclass(frozen=True, slots=True)
class Spot:
    """A name that may be the place of an event; word numbers count from the sentence's first, `last` included."""

    toponym: Toponym
    first: int
    last: int
    root: int
    known: bool
    """Whether it is one of the story's place names; else it only stands like one."""
    weight: float
    """The gazetteer's weight of the best name in it."""
    inner: int = 0
    """How many of the story's place names lie inside it, besides itself."""


def find_spots(story: Story, paragraph: Paragraph, words: Words) -> list[Spot]:
    """All spots of a sentence, in text order; they may overlap ("Dobra Town" and "Dobra")."""
    begin = paragraph.start + words.offset
    here = Span(begin, begin + len(words.text))
    names = [t for t in within(story.toponyms, here) if not (story.dateline and story.dateline.covers(t.span))]
    made = [_spot(paragraph, words, toponym, True, 0) for toponym in names]
    taken = {toponym.span for toponym in names}
    for span in _runs(words):
        whole = Span(begin + span.start, begin + span.end)
        if _person(words, span):
            continue
        if whole in taken or (story.dateline and story.dateline.overlaps(whole)):
            continue
        inside = [t for t in begun_in(names, whole) if whole.covers(t.span)]
        behind = [t for t in names if whole.end < t.span.start and _IN.fullmatch(story.text[whole.end : t.span.start])]
        made.append(_spot(paragraph, words, _named(story, whole, [*inside, *behind]), False, len(inside)))
    return sorted(made, key=lambda spot: spot.toponym.span)


def _person(words: Words, span: Span) -> bool:
    """Whether an unknown name is told as somebody's: "the mayor, A B"."""
    at = words.number(span.end - 1)
    for _ in range(_MAX_WORDS):
        head = words.head[at]
        if words.dep[at] == "appos":
            return words.lemma[head] in ROLES["speaker"] or words.lemma[head] in CLASSES["person"]
        if words.dep[at] not in ("compound", "flat") or head == at:
            return False
        at = head
    return False


def _named(story: Story, span: Span, around: Sequence[Toponym]) -> Toponym:
    """A toponym for a name known by its form alone; `around` are place names in it, or told as what it lies in."""
    name = span.of(story.text).replace("\n", " ")
    context = tuple(dict.fromkeys(part for t in around for part in (t.name, *t.context)))
    return Toponym(span, span.of(story.text), name, NAMED_ONLY, False, context)


def _spot(paragraph: Paragraph, words: Words, toponym: Toponym, known: bool, inner: int) -> Spot:
    start = toponym.span.start - paragraph.start - words.offset
    first, last = words.number(start), words.number(start + toponym.span.end - toponym.span.start - 1)
    root = next((i for i in range(first, last + 1) if not first <= words.head[i] <= last or words.head[i] == i), last)
    local = Span(toponym.span.start - paragraph.start, toponym.span.end - paragraph.start)
    weight = max((m.weight for m in paragraph.matches if local.covers(m.span)), default=0.0)
    return Spot(toponym, first, last, root, known, weight, inner)


def _runs(words: Words) -> list[Span]:
    """Runs of capitalised words, without what merely begins the sentence, dates and nationalities."""
    found = []
    for match in _RUN.finditer(words.text):
        start, end = match.span()
        first, last = words.number(start), words.number(end - 1)
        while first <= last and (words.pos[first] in _LEADING or words.ent[first] in _NOT_NAMES):
            first += 1
        while last >= first and words.ent[last] in _NOT_NAMES:
            last -= 1
        if (
            first > last
            or last - first >= _MAX_WORDS
            or not any(words.tag[i].startswith("NNP" if first == 0 else "NN") for i in range(first, last + 1))
        ):
            continue
        start = max(start, words.at[first])
        end = min(end, words.at[last + 1]) if last + 1 < len(words.at) else end
        name = words.text[start:end].rstrip(" '‘`-/")
        if len(name) > 1 and any(map(str.isupper, name)) and not _NO_PLACE.search(name):
            found.append(Span(start, start + len(name)))
    return found
