"""Events of an English story: the lexicon's triggers in parsed sentences, each with time, place, actors and deaths."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from geodata.extract import details
from geodata.extract.claims import claimed_by
from geodata.extract.deciding import SHORT_SENTENCES, decide
from geodata.extract.factuality import is_event
from geodata.extract.fatalities import fatalities, together
from geodata.extract.inheriting import Memory
from geodata.extract.kinds import Kinds
from geodata.extract.lexicon import Pattern
from geodata.extract.linking import Asked, Link, link
from geodata.extract.merging import Found
from geodata.extract.reading import Reading
from geodata.extract.sentences import parts, told_in
from geodata.extract.spans import begun_in
from geodata.extract.spots import read_words
from geodata.extract.story import Paragraph, Story
from geodata.extract.timing import dated, nearest_date, unresolved_notes
from geodata.extract.triggers import TAKING_PLACE, VAGUE, Mention, carrier, clause_head, find_mentions, told_again
from geodata.model import Span

MOST_EVENTS = 12
"""Of one sentence: one that tells of more is no sentence, and each event is weighed against each of its names."""


@dataclass(frozen=True, slots=True)
class EnglishEvents:
    """Finds mentions by the compiled lexicon, and decides their kinds; without a model they are the lexicon's."""

    patterns: Mapping[str, tuple[Pattern, ...]]
    owners: Mapping[str, str] = field(default_factory=dict)
    """Sub-type -> its event type."""
    kinds: Callable[[], Kinds] | None = None
    """Gives the model, at first use."""

    def find(self, story: Story) -> list[Found]:
        """Mentions in text order, dated and placed, not yet merged."""
        memory = Memory(story)
        found: list[Found] = []
        readings = self.readings(story)
        if self.kinds is not None:
            decide([reading for there in readings for reading in there], self.kinds(), self.owners)
        asked = [
            _asked(paragraph, r) for paragraph, there in zip(story.paragraphs, readings, strict=True) for r in there
        ]
        linked = iter(link(story, asked))
        number = 0
        for index, paragraph in enumerate(story.paragraphs):
            for reading in readings[index]:
                sentence, mentions = reading.sentence, reading.told
                number += 1
                memory.read(
                    Span(paragraph.start + sentence.start_char, paragraph.start + sentence.end_char), index, number
                )
                place = _Place(story, paragraph, index, sentence, number)
                told = list(_told(place, mentions, next(linked)))
                _count_deaths(story, [item for _, item in told])
                for mention, item in told:
                    memory.complete(item, sentence.text)
                    item.title = details.title(mention.in_order, item.sub_type, item.toponym)
                    found.append(item)
                memory.end()
        return [item for item in found if not item.passing] if number > SHORT_SENTENCES else found

    def readings(self, story: Story) -> list[list[Reading]]:
        """By paragraph, its sentences with the mentions in them, of kinds as the lexicon has them."""
        made: list[list[Reading]] = []
        for paragraph in story.paragraphs:
            _mark_places(story, paragraph)
            sentences = paragraph.parsed.sents if paragraph.parsed is not None and not paragraph.aside else ()
            made.append([self._reading(story, paragraph, sentence) for sentence in sentences])
        return made

    def _reading(self, story: Story, paragraph: Paragraph, sentence: Any) -> Reading:
        hints = find_mentions(sentence, self.patterns)
        hints = [mention for mention in hints if not _in_date(story, paragraph, mention)]
        real = [mention for mention in hints if is_event(mention, sentence)]
        into = told_in(real)
        told = [mention for mention in real if mention.token.i not in into][:MOST_EVENTS]
        beside = {
            mention.token.i: tuple(
                carrier(other.token).i for other in real if into.get(other.token.i) == mention.token.i
            )
            for mention in told
        }
        return Reading(sentence, hints, told, beside)


def _mark_places(story: Story, paragraph: Paragraph) -> None:
    """Tell the lexicon's <place> which words are place names."""
    if paragraph.parsed is None:
        return
    for toponym in begun_in(story.toponyms, Span(paragraph.start, paragraph.end)):
        words = paragraph.parsed.around(toponym.span.start - paragraph.start, toponym.span.end - paragraph.start)
        paragraph.parsed.places.update(range(words.start, words.end) if words is not None else ())


@dataclass(frozen=True, slots=True)
class _Place:
    """Where reading stands."""

    story: Story
    paragraph: Paragraph
    index: int
    sentence: Any
    number: int


def _asked(paragraph: Paragraph, reading: Reading) -> Asked | None:
    """What to ask the linker of a sentence; None where it tells of no event."""
    if not reading.told:
        return None
    words = read_words(reading.sentence)
    triggers = tuple(carrier(mention.token).i - words.start for mention in reading.told)
    others = [
        tuple(number - words.start for number in reading.beside.get(mention.token.i, ())) for mention in reading.told
    ]
    return Asked(paragraph, words, triggers, tuple(others))


def _told(
    at: _Place, mentions: Sequence[Mention], linked: tuple[Asked, Sequence[Sequence[Link]]] | None
) -> Iterator[tuple[Mention, Found]]:
    """Each mention with what it tells; once for each place where the text names several ("in A and B")."""
    if linked is None:
        return
    asked, places = linked
    start = at.paragraph.start + asked.words.offset
    own = parts(asked.words, asked.triggers)
    for mention, part, links in zip(mentions, own, places, strict=True):
        for place in links or (None,):
            item = _found(at, mention, place)
            item.part = Span(start + part.start, start + part.end)
            yield mention, item


def _found(at: _Place, mention: Mention, link: Link | None) -> Found:
    story, paragraph, sentence = at.story, at.paragraph, at.sentence
    token, pattern = mention.token, mention.pattern
    quote = _trimmed(story.text, paragraph.start + sentence.start_char, paragraph.start + sentence.end_char)
    words = mention.in_order
    trigger = Span(paragraph.start + words[0].idx, paragraph.start + words[-1].idx + len(words[-1]))
    date = nearest_date(story, paragraph, sentence, token)
    dating = dated(date, story.document.published)
    single = mention.terms <= 1 and token.lemma_.lower() in VAGUE
    item = Found(
        pattern.event_type,
        pattern.sub_type,
        quote,
        trigger,
        mention.terms,
        "",
        at.index,
        at.number,
        heading=paragraph.heading,
        vague=single,
        share=mention.share,
        definite=told_again(token),
        clause=clause_head(token).i,
        stated=carrier(token).lemma_.lower() in TAKING_PLACE and carrier(token).i != token.i,
        actors=details.actors(token),
        claim=claimed_by(token, sentence),
        notes=unresolved_notes(story.dates, quote),
    )
    item.undatable = bool(item.notes)
    item.passing = _in_passing(mention, dating is not None, link is not None, bool(item.definite))
    if dating is not None:
        item.when, item.when_span, item.own_date = dating.when, dating.span, True
        item.notes = dating.notes
    if link is not None:
        item.toponym, item.own_place, item.unlisted = link.toponym, True, link.unlisted
        item.actors = tuple(name for name in item.actors if name != link.toponym.name)
    return item


def _in_passing(mention: Mention, dated_here: bool, placed_here: bool, definite: bool) -> bool:
    """In a longer story, a bare noun that says neither when nor where: "talks", "drug trafficking", "the violence"."""
    if dated_here or placed_here or definite or mention.token.pos_ not in ("NOUN", "PROPN"):
        return False
    return mention.terms <= 2 and mention.pattern.event_type not in ("Explosions/Remote violence", "Disaster")


def _count_deaths(story: Story, items: list[Found]) -> None:
    """Give each figure of a sentence to the event told last before it, or to the first."""
    if not items:
        return
    quote = items[0].quote
    chars = list(quote.of(story.text).replace("\n", " "))
    for mention in begun_in(story.dates, quote):
        start, end = mention.span.start - quote.start, min(mention.span.end, quote.end) - quote.start
        chars[start:end] = ";" * (end - start)  # "on 11 February a man was killed" is not eleven dead
    for offset, figure in fatalities("".join(chars)):
        before = [item for item in items if item.trigger.start <= quote.start + offset + 20]
        item = max(before, key=lambda i: i.trigger.start) if before else items[0]
        item.fatalities = together(item.fatalities, figure)


def _in_date(story: Story, paragraph: Paragraph, mention: Mention) -> bool:
    """Whether the trigger is a word of a date: March."""
    at = paragraph.start + mention.token.idx
    sentence = Span(paragraph.start + mention.token.sent.start_char, at + 1)
    return any(date.span.end > at for date in begun_in(story.dates, sentence))


def _trimmed(text: str, start: int, end: int) -> Span:
    while end > start and text[end - 1].isspace():
        end -= 1
    while start < end and text[start].isspace():
        start += 1
    return Span(start, end)
