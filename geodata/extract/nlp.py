"""The spaCy model: loaded once, at first use, shared between threads; paragraphs go through it in batches."""

import importlib.util
import threading
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from geodata.contracts import NameMatcher
from geodata.errors import SetupError, shown
from geodata.extract.story import Story

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

BATCH_PARAGRAPHS = 64
BATCH_CHARS = 20_000
SHOUTED = 0.85
"""Share of capitals among letters from which a paragraph counts as written in capitals throughout."""


class Turns:
    """A lock that serves whoever has waited longest: a thread that takes it again at once cannot starve the others."""

    def __init__(self) -> None:
        self._gate = threading.Condition()
        self._drawn = self._served = 0

    def __enter__(self) -> None:
        with self._gate:
            mine = self._drawn
            self._drawn += 1
            self._gate.wait_for(lambda: self._served == mine)

    def __exit__(self, *_: object) -> None:
        with self._gate:
            self._served += 1
            self._gate.notify_all()


class Parser:
    """spaCy, one batch of paragraphs at a time whatever the threads; `parse` fills `Paragraph.doc`."""

    def __init__(self, model: str) -> None:
        self._model = model
        self._lock = threading.Lock()
        self._turn = Turns()
        self._nlp: Language | None = None

    def parse(self, stories: Sequence[Story], matcher: NameMatcher) -> None:
        """Parse every paragraph of the stories, and note the gazetteer's names in it."""
        pieces = [paragraph for story in stories for paragraph in story.paragraphs]
        for paragraph in pieces:
            paragraph.text = calm(paragraph.text, matcher)
            paragraph.matches = tuple(matcher.matches(paragraph.text))
        for paragraph, doc in zip(pieces, self._pipe(p.text for p in pieces), strict=True):
            paragraph.doc = doc

    def _pipe(self, texts: Iterator[str]) -> "Iterator[Doc]":
        """The parses, in order; between two batches a thread that waits with another story has its turn."""
        nlp = self.nlp
        while batch := list(_batch(texts)):
            with self._turn:
                docs = list(nlp.pipe(batch, batch_size=BATCH_PARAGRAPHS))
            yield from docs

    @property
    def nlp(self) -> "Language":
        with self._lock:
            if self._nlp is None:
                self._nlp = _load(self._model)
            return self._nlp


def _batch(texts: Iterator[str]) -> Iterator[str]:
    """The next paragraphs, up to a number and a length."""
    chars = 0
    for text in islice(texts, BATCH_PARAGRAPHS):
        yield text
        chars += len(text)
        if chars >= BATCH_CHARS:
            return


def _load(model: str) -> "Language":
    import spacy  # takes a second to import: only when a text is to be read

    if importlib.util.find_spec(model.split(".")[0].replace("-", "_")) is None:
        raise SetupError(f"the spaCy model {shown(model)} is not installed; `make setup` installs the one we ship with")
    nlp = spacy.load(model)
    missing = {"parser", "ner"} - set(nlp.pipe_names)
    if missing:
        raise SetupError(f"the spaCy model {shown(model)} has no {', '.join(sorted(missing))}; name another")
    return nlp


def calm(text: str, matcher: NameMatcher) -> str:
    """A paragraph written in capitals throughout, in small letters but for names the gazetteer knows; else as it is."""
    letters = [c for c in text if c.isalpha()]
    if len(letters) < 12 or sum(c.isupper() for c in letters) < SHOUTED * len(letters):
        return text
    titled, lowered = text.title(), text.lower()
    if not len(titled) == len(lowered) == len(text):
        return text
    chars = list(lowered)
    for match in matcher.matches(titled):
        if match.weight >= 0.5:
            chars[match.span.start : match.span.end] = titled[match.span.start : match.span.end]
    capital = True
    for i, char in enumerate(chars):
        if char.isalpha() and capital:
            chars[i], capital = titled[i] if titled[i].isupper() else char.upper()[:1], False
        elif char in ".!?":
            capital = True
    return "".join(chars)
