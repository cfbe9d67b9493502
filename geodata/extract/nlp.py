"""The spaCy model: loaded once, at first use, shared between threads; paragraphs go through it in batches.

Names come first and alone (`mark`); only who reads events too pays for the grammar (`parse`). The entity recogniser of
the shipped model has its own layers, so it needs none of the others, and finds the same either way.
"""

import importlib.util
import re
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from types import ModuleType
from typing import TYPE_CHECKING, Any

from geodata.contracts import NameMatcher
from geodata.errors import SetupError, shown
from geodata.extract.remembering import remember
from geodata.extract.story import Entity, Story, dateline_end

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

BATCH_PARAGRAPHS = 64
BATCH_CHARS = 20_000
_NAMES = "ner"
_SHOUTED_WORD = re.compile(r"\b[A-Z]{4,}\b")
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
    """spaCy, one batch of paragraphs at a time whatever the threads; `mark` and `parse` fill the paragraphs."""

    def __init__(self, model: str) -> None:
        self._model = model
        self._lock = threading.Lock()
        self._turn = Turns()
        self._nlp: Language | None = None
        self._grammar: list[Callable[[Any], Any]] = []

    def mark(self, stories: Sequence[Story], matcher: NameMatcher) -> None:
        """The entities of every paragraph of the stories, and the gazetteer's names in it."""
        pieces = [paragraph for story in stories for paragraph in story.paragraphs]
        for paragraph in pieces:
            paragraph.text = calm(paragraph.text, matcher)
            paragraph.matches = tuple(matcher.matches(paragraph.text))
        nlp = self.nlp
        needed = _names_need(nlp)
        grammar = [name for name in nlp.pipe_names if name not in needed]
        done = 0
        for batch in _batches(p.text for p in pieces):
            with self._turn:
                docs = list(nlp.pipe(batch, batch_size=BATCH_PARAGRAPHS, disable=grammar))
            for paragraph, doc in zip(pieces[done : done + len(docs)], docs, strict=True):
                paragraph.doc = doc
                paragraph.entities = tuple(Entity(e.start_char, e.end_char, e.label_) for e in doc.ents)
            done += len(docs)

    def parse(self, stories: Sequence[Story]) -> None:
        """The grammar of every paragraph that `mark` has read: sentences, parts of speech, lemmas, dependencies."""
        from geodata.extract.parsed import Parsed, Strings

        pieces = [p for story in stories for p in story.paragraphs]
        steps = self._steps()
        strings = Strings(self.nlp.vocab.strings)
        for at in range(0, len(pieces), BATCH_PARAGRAPHS):
            batch: Iterable[Doc] = [p.doc for p in pieces[at : at + BATCH_PARAGRAPHS] if p.doc is not None]
            with self._turn:
                for step in steps:
                    batch = (
                        list(step.pipe(batch, batch_size=BATCH_PARAGRAPHS))
                        if hasattr(step, "pipe")
                        else [*map(step, batch)]
                    )
                done = [Parsed(doc, strings) for doc in batch]
            for paragraph, parsed in zip(pieces[at : at + BATCH_PARAGRAPHS], done, strict=True):
                paragraph.doc, paragraph.parsed = None, parsed

    def _steps(self) -> list[Callable[[Any], Any]]:
        """What finds the grammar: the steps of the model but for the names."""
        from geodata.extract.wordforms import quicker  # with spaCy, only when a text is to be read

        nlp = self.nlp
        with self._lock:
            if not self._grammar:
                self._grammar = quicker([step for name, step in nlp.pipeline if name != _NAMES])
            return self._grammar

    @property
    def nlp(self) -> "Language":
        with self._lock:
            if self._nlp is None:
                self._nlp = _load(self._model)
            return self._nlp


def _batches(texts: Iterable[str]) -> Iterator[list[str]]:
    """The paragraphs, by the number and length that go through the model at once."""
    batch: list[str] = []
    chars = 0
    for text in texts:
        batch.append(text)
        chars += len(text)
        if chars >= BATCH_CHARS or len(batch) == BATCH_PARAGRAPHS:
            yield batch
            batch, chars = [], 0
    if batch:
        yield batch


def _names_need(nlp: "Language") -> set[str]:
    """The recogniser, and the layers that it shares with others where a model is made so."""
    return {_NAMES} | {name for name, step in nlp.pipeline if _NAMES in getattr(step, "listening_components", ())}


_COMMANDS = "spacy.cli"
_INFO = "spacy.cli.info"


@contextmanager
def _without_commands() -> Iterator[None]:
    """While spaCy is imported, its command line is not: with the web clients and templates that it draws in, it takes
    as long again. Whoever imports it later gets it as it is."""
    if _COMMANDS in sys.modules or "spacy" in sys.modules:
        yield
        return
    commands, info = ModuleType(_COMMANDS), ModuleType(_INFO)
    commands.__path__ = []
    info.info = None  # type: ignore[attr-defined]
    sys.modules |= {_COMMANDS: commands, _INFO: info}
    try:
        yield
    finally:
        del sys.modules[_COMMANDS], sys.modules[_INFO]


def _load(model: str) -> "Language":
    with _without_commands():
        import spacy  # takes half a second to import: only when a text is to be read
    from thinc.api import Model, use_ops
    from threadpoolctl import threadpool_limits

    if importlib.util.find_spec(model.split(".")[0].replace("-", "_")) is None:
        raise SetupError(f"the spaCy model {shown(model)} is not installed; `make setup` installs the one we ship with")
    # numpy's own matrix products take two thirds of the time of spaCy's default (blis), on one thread: with more, small
    # products wait for each other and burn twice the processor time. Several processes are for big inputs.
    threadpool_limits(limits=1, user_api="blas")
    with use_ops("numpy", use_blis=False):
        nlp = spacy.load(model)
    missing = {"parser", "ner"} - set(nlp.pipe_names)
    if missing:
        raise SetupError(f"the spaCy model {shown(model)} has no {', '.join(sorted(missing))}; name another")
    for _, step in nlp.pipeline:
        if isinstance(getattr(step, "model", None), Model):
            remember(step.model)  # type: ignore[attr-defined]
    return nlp


def calm(text: str, matcher: NameMatcher) -> str:
    """A paragraph written in capitals throughout, in small letters but for names the gazetteer knows; else as it is,
    but for a dateline: there capitals are the custom ("KYIV, Ukraine"), and say nothing of an acronym."""
    letters = list(filter(str.isalpha, text))
    if len(letters) < 12 or sum(map(str.isupper, letters)) < SHOUTED * len(letters):
        place = text[: dateline_end(text)].partition("(")[0]
        return _SHOUTED_WORD.sub(lambda word: word[0].title(), place) + text[len(place) :]
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
