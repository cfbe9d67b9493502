"""The way from a document to its extraction: language, paragraphs, parse, place names, dates, mentions, drafts."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from geodata.contracts import EventType, NameMatcher
from geodata.extract import claims, language
from geodata.extract.actors import actor_types
from geodata.extract.anchoring import Base
from geodata.extract.dates import find_dates, in_order
from geodata.extract.dates_fallback import other_dates
from geodata.extract.dates_tables import ENGLISH_DATES, SLAVIC_DATES
from geodata.extract.english import EnglishEvents
from geodata.extract.kinds import kinds
from geodata.extract.lexicon import compile_english, compile_stems
from geodata.extract.merging import Found, merge
from geodata.extract.nlp import Parser
from geodata.extract.retrospect import look_back
from geodata.extract.slavic import SlavicEvents
from geodata.extract.stamps import stamped
from geodata.extract.story import Paragraph, Story, find_dateline, paragraphs
from geodata.extract.tongues import find_by_gazetteer
from geodata.extract.toponyms import find_toponyms
from geodata.model import Document, Draft, Extraction, Span, Toponym

BATCH_CHARS = 60_000
BATCH_STORIES = 32
SLAVIC = ("uk", "ru")


class StoryExtractor:
    """Satisfies contracts.Extractor. English is parsed; in uk and ru stems and the gazetteer do the work."""

    def __init__(self, model: str, matcher: NameMatcher, event_types: Mapping[str, EventType]) -> None:
        self._parser = Parser(model)
        self._matcher = matcher
        owners = {sub: kind.name for kind in event_types.values() for sub in kind.sub_types}
        self._english = EnglishEvents(compile_english(event_types), owners, kinds)
        self._slavic = {code: SlavicEvents(compile_stems(event_types, code)) for code in SLAVIC}

    def extract(self, documents: Iterable[Document]) -> Iterator[Extraction]:
        for story in self.stories(documents):
            if story.language in self._slavic:
                found = self._slavic[story.language].find(story)
            else:
                # The lexicon is English: other languages get places and dates only.
                found = self._english.find(story) if story.language == "en" else []
            told = merge(found)
            look_back(told, story.document.published)
            yield Extraction(story.document, story.toponyms, tuple(_drafts(told)))

    def toponyms(self, documents: Iterable[Document]) -> Iterator[tuple[Document, tuple[Toponym, ...]]]:
        for story in self._read(documents):
            yield story.document, story.toponyms

    def stories(self, documents: Iterable[Document]) -> Iterator[Story]:
        """The stories with their parses, toponyms and dates, before any event is read; each serves until the next."""
        return self._read(documents, grammar=True)

    def _read(self, documents: Iterable[Document], grammar: bool = False) -> Iterator[Story]:
        for batch in _batches(documents):
            stories = [Story(d, language.detect(d.text, d.language), paragraphs(d.text)) for d in batch]
            english = [story for story in stories if story.language == "en"]
            self._parser.mark(english, self._matcher)
            if grammar:
                self._parser.parse(english)
            for story in stories:
                story.dateline = find_dateline(story.paragraphs)
                _read_dates(story)
                if story.language == "en":
                    story.toponyms = find_toponyms(story)
                else:
                    story.toponyms = find_by_gazetteer(story, self._matcher)
                yield story
                story.paragraphs.clear()


def _read_dates(story: Story) -> None:
    """Dates by paragraph, so that no expression runs over a break; the year written first serves the whole story."""
    rules = SLAVIC_DATES if story.language in SLAVIC else ENGLISH_DATES
    base = Base(story.document.published)
    whole = _joined(story.paragraphs, len(story.text))
    found = find_dates(whole, rules, base)
    if story.language == "en":
        found = sorted([*found, *other_dates(story, found, base)], key=lambda mention: mention.span)
    if stamps := stamped(story.paragraphs, found, story.document.published):
        found = sorted([*found, *stamps], key=lambda mention: mention.span)
    story.dates = in_order(whole, found)


def _joined(pieces: Sequence[Paragraph], length: int) -> str:
    """The paragraphs at their offsets, with line feeds in between: the text as the parser read it."""
    parts: list[str] = []
    at = 0
    for piece in pieces:
        parts += ["\n" * (piece.start - at), piece.text]
        at = piece.end
    return "".join([*parts, "\n" * (length - at)])


def _batches(documents: Iterable[Document]) -> Iterator[list[Document]]:
    """A few stories at a time, so that the parser has enough to do and memory stays bounded."""
    batch: list[Document] = []
    chars = 0
    for document in documents:
        batch.append(document)
        chars += len(document.text)
        if chars >= BATCH_CHARS or len(batch) >= BATCH_STORIES:
            yield batch
            batch, chars = [], 0
    if batch:
        yield batch


def _drafts(told: Sequence[Found]) -> Iterator[Draft]:
    """The drafts of a story. Where a sentence tells of several events, each quotes the part that tells of it."""
    shared = Counter(quote for quote, _ in {(item.quote, item.part) for item in told})
    for item in told:
        yield _draft(item, item.part if item.part and shared[item.quote] > 1 else item.quote)


def _draft(item: Found, quote: Span) -> Draft:
    return Draft(
        event_type=item.event_type,
        sub_event_type=item.sub_type,
        title=item.title or item.sub_type,
        quote=quote,
        trigger=item.trigger,
        when=item.when,
        when_span=item.when_span,
        toponym=item.toponym,
        confidence=_confidence(item),
        actors=item.actors,
        fatalities=item.fatalities,
        notes=(*item.notes, item.claim) if item.claim else item.notes,
        properties={**actor_types(item.actors), **({claims.NAME: item.claim} if item.claim else {})},
    )


def _confidence(item: Found) -> float:
    """0..1: how sure the kind is, whether date and place stand in the sentence, and further mentions."""
    told = 0.1 * item.own_date + 0.1 * item.own_place + 0.05 * min(item.mentions - 1, 2)
    if item.share is None:
        score = 0.35 + 0.1 * min(item.terms - 1, 2) - (0.1 if item.vague else 0.0) + told
    else:
        score = item.share * (0.75 + told)
    if item.toponym is not None and item.own_place:
        score *= 0.7 + 0.3 * item.toponym.confidence
    return round(min(0.95, max(0.05, score)), 2)
