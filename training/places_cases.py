"""The cases that the linker learns from: event_location's sentences, each read as the extractor reads it.

Every sentence has one event verb and the spans of the places where that event was. Asked are the verb itself, at full
weight, and words that are likely to be asked in its stead: nouns that tell the verb's event ("launched an attack"), and
the trigger that the lexicon finds for the part of the sentence which holds the verb.
"""

import json
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from geodata.extract.deciding import decide
from geodata.extract.english import EnglishEvents
from geodata.extract.kinds import kinds
from geodata.extract.meanings import Senses
from geodata.extract.phrases import phrase_of
from geodata.extract.placement import Scene
from geodata.extract.placing import Case
from geodata.extract.sentences import parts
from geodata.extract.spots import Spot, Words, find_spots, read_words
from geodata.extract.story import Paragraph, Story
from geodata.extract.triggers import carrier
from geodata.model import Document, Span
from training.reading import Reader

FILE = "event_location_dev.jsonl"
FOLDS = 5
BESIDE_WEIGHT = 0.5
"""Of a noun that tells the marked verb's event: likely, not certain, to be at the same place."""
ASKED_WEIGHT = 0.7
"""Of the trigger that our lexicon has where it does not have the verb: it is asked in its stead."""
_NOUNS = (
    "attack assault offensive strike airstrike raid bombing explosion blast shelling ambush clash battle "
    "fighting protest rally demonstration march killing murder shooting operation campaign bombardment "
    "counter-attack counter-offensive advance capture"
)
_EVENT_NOUNS = frozenset(_NOUNS.split())


@dataclass(frozen=True, slots=True)
class Marked:
    """A case, and which of its names' words are marked as the place."""

    fold: int
    weight: float
    """1: the marked verb itself."""
    words: Words
    case: Case
    tokens: Sequence[tuple[int, int]]
    """Of each name, how many words it has and how many of them are marked."""

    @property
    def labels(self) -> list[float]:
        """1 for a name most of whose words are marked."""
        return [float(2 * hit > length) for length, hit in self.tokens]


@dataclass(frozen=True, slots=True)
class _At:
    """A word of a parsed sentence."""

    paragraph: Paragraph
    words: Words
    number: int


def read_cases(corpora: Path) -> tuple[list[Marked], int]:
    """The cases of all sentences, and how many words are marked in them."""
    lines = [json.loads(line) for line in (corpora / FILE).read_text(encoding="utf-8").splitlines()]
    reader = Reader()
    documents = [Document(line["id"], line["text"], language="en") for line in lines]
    cases: list[Marked] = []
    total = 0
    for line, story in zip(lines, reader.extractor.stories(documents), strict=True):
        tokens = [match.span() for match in re.finditer(r"\w+", line["text"])]
        marked = {n for n, (a, b) in enumerate(tokens) for s, e in line["places"] if a < e and s < b}
        total += len(marked)
        cases += cases_of(story, line, reader.english, tokens, marked)
    return cases, total


def cases_of(
    story: Story, line: dict[str, Any], english: EnglishEvents, tokens: Sequence[tuple[int, int]], marked: set[int]
) -> Iterator[Marked]:
    """The cases of one sentence. Rows of the same text share a fold: they differ in their verb alone."""
    fold = zlib.crc32(line["text"].strip().lower().encode()) % FOLDS
    verb = Span(*line["verb"])
    for at, weight in _asked(story, verb, english):
        spots = find_spots(story, at.paragraph, at.words)
        if not spots:
            continue
        phrases = [phrase_of(at.words, spot) for spot in spots]
        rows = np.array(Scene(at.words, spots, phrases).describe(at.number), dtype=np.float32)
        meaning = Senses(at.words, spots, phrases).of(at.number)
        counts = [_counts(spot, tokens, marked) for spot in spots]
        yield Marked(fold, weight, at.words, Case(spots, rows, meaning), counts)


def _asked(story: Story, verb: Span, english: EnglishEvents) -> Iterator[tuple[_At, float]]:
    """The words to ask the place of, with their weights."""
    own = _trigger(story, verb, english)
    for paragraph in story.paragraphs:
        if paragraph.parsed is None or not paragraph.start <= verb.start < paragraph.end:
            continue
        for sentence in paragraph.parsed.sents:
            begin = paragraph.start + sentence.start_char
            if not begin <= verb.start < paragraph.start + sentence.end_char:
                continue
            words = read_words(sentence)
            at = words.number(verb.start - begin)
            told = [at, *_beside(words, at)]
            yield from ((_At(paragraph, words, n), 1.0 if n == at else BESIDE_WEIGHT) for n in told)
            if own is not None and not (own.paragraph is paragraph and own.words == words and own.number in told):
                yield own, ASKED_WEIGHT


def _trigger(story: Story, verb: Span, english: EnglishEvents) -> _At | None:
    """The word asked for the event whose quote holds the verb: of the shortest such quote, the surest."""
    found: list[tuple[int, float, _At]] = []
    read = english.readings(story)
    decide([reading for there in read for reading in there], kinds(), english.owners)
    for paragraph, readings in zip(story.paragraphs, read, strict=True):
        for reading in readings:
            if not reading.told:
                continue
            words = read_words(reading.sentence)
            begin = paragraph.start + words.offset
            triggers = [carrier(mention.token).i - words.start for mention in reading.told]
            quotes = parts(words, triggers) if len(triggers) > 1 else [Span(0, len(words.text))]
            for mention, trigger, quote in zip(reading.told, triggers, quotes, strict=True):
                if Span(begin + quote.start, begin + quote.end).covers(verb):
                    found.append((quote.end - quote.start, -(mention.share or 0.0), _At(paragraph, words, trigger)))
    return min(found, key=lambda item: item[:2], default=(0, 0.0, None))[2]


def _counts(spot: Spot, tokens: Sequence[tuple[int, int]], marked: set[int]) -> tuple[int, int]:
    span = spot.toponym.span
    own = {n for n, (a, b) in enumerate(tokens) if a < span.end and span.start < b}
    return len(own), len(own & marked)


def _beside(words: Words, verb: int) -> list[int]:
    """Nouns that tell the verb's event: its subject or object, of our list."""
    return [
        n
        for n, head in enumerate(words.head)
        if head == verb
        and n != verb
        and words.lemma[n] in _EVENT_NOUNS
        and words.dep[n] in ("dobj", "nsubj", "nsubjpass")
    ]
