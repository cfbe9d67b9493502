"""The corpora of `spans`: texts, read as the application reads them, with the place names that people marked.

GeoVirus and our own sentences mark every place name of a text. event_location marks only where one event of a sentence
happened, so there an unmarked name says nothing. Nothing of the texts is kept in what is learnt.
"""

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from geodata.contracts import NameMatcher
from geodata.extract.nlp import Parser
from geodata.extract.story import Paragraph, Story, paragraphs
from geodata.geocode.matcher import AutomatonMatcher
from geodata.model import Document
from geodata.settings import Settings

_REACH = 6
"""Characters that GeoVirus's offsets may be off by, as the scorer reads them."""
_AT_ONCE = 64
_OWN = Path(__file__).with_name("spans_own.txt")
_MARK = re.compile(r"\[\[(.+?)\]\]")


@dataclass(frozen=True)
class Labelled:
    """One text with its marked names, as offsets of the text; `complete` says that what is not marked is none."""

    group: str
    paragraphs: tuple[Paragraph, ...]
    gold: frozenset[tuple[int, int]]
    complete: bool

    @property
    def measured(self) -> bool:
        """Whether it is a whole document of a corpus, which figures may be told of."""
        return self.group.startswith("geovirus")


def read_corpora(corpora: Path) -> list[Labelled]:
    """Every labelled text, marked by spaCy and the gazetteer of this installation."""
    settings = Settings.from_environment()
    parser, matcher = Parser(settings.spacy_model), AutomatonMatcher.open(settings.gazetteer_path)
    texts = [
        *_geovirus(corpora / "geovirus.xml"),
        *_own(),
        *_event_location(corpora / "event_location_dev.jsonl"),
    ]
    return [
        item for at in range(0, len(texts), _AT_ONCE) for item in _marked(parser, matcher, texts[at : at + _AT_ONCE])
    ]


@dataclass(frozen=True)
class _Text:
    group: str
    text: str
    gold: frozenset[tuple[int, int]]
    complete: bool


def _geovirus(path: Path) -> Iterator[_Text]:
    for number, article in enumerate(ET.parse(path).getroot().iter("article")):  # noqa: S314 our own copy of a corpus
        text = article.findtext("text") or ""
        gold = frozenset(
            _aligned(text, place.findtext("name") or "", int(place.findtext("start") or 0) - 1)
            for place in article.iter("location")
        )
        yield _Text(f"geovirus-{number}", text, gold, True)


def _aligned(text: str, name: str, start: int) -> tuple[int, int]:
    """The span of the name nearest to where the corpus says it is."""
    name = name.strip()
    for step in range(_REACH + 1):
        for at in (start - step, start + step):
            if at >= 0 and text.startswith(name, at):
                return at, at + len(name)
    return start, start + len(name)


def _event_location(path: Path) -> Iterator[_Text]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            gold = frozenset((start, end) for start, end in row["places"])
            if gold:
                yield _Text(row["id"], row["text"], gold, False)


def _own() -> Iterator[_Text]:
    """Our sentences, a paragraph a document; marks are taken out of the text and kept as spans."""
    lines = [line for line in _OWN.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    for number, marked in enumerate("\n".join(lines).strip().split("\n\n")):
        text, gold, at = "", set(), 0
        for mark in _MARK.finditer(marked):
            text += marked[at : mark.start()]
            gold.add((len(text), len(text) + len(mark[1])))
            text, at = text + mark[1], mark.end()
        yield _Text(f"own-{number}", text + marked[at:], frozenset(gold), True)


def _marked(parser: Parser, matcher: NameMatcher, texts: list[_Text]) -> Iterator[Labelled]:
    stories = [Story(Document(text.group, text.text), "en", paragraphs(text.text)) for text in texts]
    parser.mark(stories, matcher)
    for text, story in zip(texts, stories, strict=True):
        for paragraph in story.paragraphs:
            paragraph.doc = None
        yield Labelled(text.group, tuple(story.paragraphs), text.gold, text.complete)
