"""The linker of events to places, from sentences in which the place of one event verb is marked (event_location).

Two models: the first weighs each name by itself, the second weighs the names of an event against each other and reads
the first one's shares, as they were on sentences that it had not seen. Folds are whole sentences, drawn with a fixed
seed.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
from numpy.typing import NDArray

from geodata.extract import linking
from geodata.extract.placement import FEATURES, describe
from geodata.extract.rivals import RIVALRY, rivalry
from geodata.extract.spots import Spot, Words, find_spots, read_words
from geodata.extract.story import Story
from geodata.model import Document
from geodata.settings import Settings
from geodata.workspace import open_workspace
from training import export

FILE = "event_location_dev.jsonl"
FOLDS = 5
SEED = 11
BASIC = {
    "objective": "binary",
    "learning_rate": 0.05,
    "min_data_in_leaf": 20,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
    "num_threads": 1,
    "deterministic": True,
    "seed": SEED,
    "verbose": -1,
}
FIRST = {**BASIC, "num_leaves": 15}
SECOND = {**BASIC, "num_leaves": 8}
FIRST_ROUNDS, SECOND_ROUNDS = 300, 120
BESIDE_WEIGHT = 0.5
"""Of a noun that tells the marked verb's event ("launched an attack"): likely, not certain, to be at the same place."""
_NOUNS = (
    "attack assault offensive strike airstrike raid bombing explosion blast shelling ambush clash battle "
    "fighting protest rally demonstration march killing murder shooting operation campaign bombardment "
    "counter-attack counter-offensive advance capture"
)
_EVENT_NOUNS = frozenset(_NOUNS.split())
Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Case:
    """One event of a sentence: its names, their numbers, and which of their words are marked as its place."""

    group: int
    weight: float
    words: Words
    spots: Sequence[Spot]
    rows: Matrix
    right: Sequence[float]
    """Of each name, the share of its words that is marked."""
    tokens: Sequence[tuple[int, int]]
    """Of each name, how many words it has and how many of them are marked."""


def train(corpora: Path) -> None:
    lines = [json.loads(line) for line in (corpora / FILE).read_text(encoding="utf-8").splitlines()]
    cases, marked = read_cases(lines)
    folds = np.random.RandomState(SEED).randint(0, FOLDS, len(lines))
    first_seen = _held_out(cases, folds, [case.rows for case in cases], FIRST, FIRST_ROUNDS)
    full = [_with_rivals(case, shares) for case, shares in zip(cases, first_seen, strict=True)]
    second_seen = _held_out(cases, folds, full, SECOND, SECOND_ROUNDS)
    for name, shares in (("each name by itself", first_seen), ("names against each other", second_seen)):
        print(f"{name}, held out: P {{:.3f}} R {{:.3f}} F1 {{:.3f}}".format(*figures(cases, shares, marked)))
    first = _fit(cases, [case.rows for case in cases], FIRST, FIRST_ROUNDS)
    second = _fit(cases, full, SECOND, SECOND_ROUNDS)
    export.save(linking.FIRST_MODEL, export.of_trees(first, FEATURES))
    export.save(linking.SECOND_MODEL, export.of_trees(second, (*FEATURES, *RIVALRY)))


def read_cases(lines: Sequence[dict[str, Any]]) -> tuple[list[Case], int]:
    """The cases of all sentences, and how many words are marked in them."""
    workspace = open_workspace(Settings.from_environment())
    documents = [Document(line["id"], line["text"], language="en") for line in lines]
    cases: list[Case] = []
    total = 0
    for group, (line, story) in enumerate(zip(lines, workspace.extractor.stories(documents), strict=True)):
        tokens = [match.span() for match in re.finditer(r"\w+", line["text"])]
        marked = {n for n, (a, b) in enumerate(tokens) for s, e in line["places"] if a < e and s < b}
        total += len(marked)
        cases += _of_story(group, story, line["verb"], tokens, marked)
    workspace.close()
    return cases, total


def _of_story(
    group: int, story: Story, verb: Sequence[int], tokens: Sequence[tuple[int, int]], marked: set[int]
) -> Iterator[Case]:
    for paragraph in story.paragraphs:
        if paragraph.parsed is None or not paragraph.start <= verb[0] < paragraph.end:
            continue
        for sentence in paragraph.parsed.sents:
            begin = paragraph.start + sentence.start_char
            if not begin <= verb[0] < paragraph.start + sentence.end_char:
                continue
            words = read_words(sentence)
            spots = find_spots(story, paragraph, words)
            if not spots:
                continue
            counts = [_counts(spot, tokens, marked) for spot in spots]
            right = [hit / max(1, length) for length, hit in counts]
            at = words.number(verb[0] - begin)
            for trigger, weight in [(at, 1.0), *((noun, BESIDE_WEIGHT) for noun in _beside(words, at))]:
                rows = np.array(describe(words, trigger, spots), dtype=np.float32)
                yield Case(group, weight, words, spots, rows, right, counts)


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


def _with_rivals(case: Case, shares: Matrix) -> Matrix:
    return np.hstack([case.rows, np.array(rivalry(case.spots, [float(share) for share in shares]), dtype=np.float32)])


def _fit(cases: Sequence[Case], rows: Sequence[Matrix], settings: dict[str, Any], rounds: int) -> lightgbm.Booster:
    label = [float(right > 0.5) for case in cases for right in case.right]
    weight = [case.weight for case in cases for _ in case.right]
    return lightgbm.train(settings, lightgbm.Dataset(np.vstack(rows), label=label, weight=weight), rounds)


def _held_out(
    cases: Sequence[Case], folds: NDArray[Any], rows: Sequence[Matrix], settings: dict[str, Any], rounds: int
) -> list[Matrix]:
    """Each case's shares by a model that has not seen its sentence."""
    made: list[Matrix] = [np.zeros(0, np.float32)] * len(cases)
    for fold in range(FOLDS):
        known = [n for n, case in enumerate(cases) if folds[case.group] != fold]
        model = _fit([cases[n] for n in known], [rows[n] for n in known], settings, rounds)
        for n, case in enumerate(cases):
            if folds[case.group] == fold:
                made[n] = np.asarray(model.predict(rows[n]), dtype=np.float32)
    return made


def figures(cases: Sequence[Case], shares: Sequence[Matrix], marked: int) -> tuple[float, float, float]:
    """Precision, recall and F1 of place words over the marked verbs, as linking would choose."""
    hit = guessed = 0
    for case, share in zip(cases, shares, strict=True):
        if case.weight < 1:
            continue
        chosen = {
            link.toponym.span for link in linking.choose(case.spots, case.words, case.rows, [float(s) for s in share])
        }
        for spot, (length, right) in zip(case.spots, case.tokens, strict=True):
            if spot.toponym.span in chosen:
                hit, guessed = hit + right, guessed + length
    precision, recall = hit / max(1, guessed), hit / marked
    return precision, recall, 2 * precision * recall / (precision + recall)
