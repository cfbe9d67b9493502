"""Events of an English story: the lexicon's triggers in parsed sentences, each given its time, place, actors and deaths."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from geodata.extract import details
from geodata.extract.factuality import is_event
from geodata.extract.inheriting import Memory
from geodata.extract.lexicon import Pattern
from geodata.extract.linking import best_place
from geodata.extract.merging import Found
from geodata.extract.story import Paragraph, Story
from geodata.extract.timing import dated, nearest_date, unresolved_notes
from geodata.extract.triggers import Mention, clause_head, find_mentions
from geodata.model import Span

VAGUE = frozenset(
    "attack kill killing violence shoot fire strike bomb fight fighting murder assault ambush raid clash blast explosion explode incident death target beat burn hit".split()
)
RESULTS = frozenset("kill shoot murder behead stab execute slay machinegun drown".split())
"""Verbs that, in a sentence with another event, tell what came of it ("a blast killed three")."""
DEFINITE = frozenset("the this that these those".split())


@dataclass(frozen=True, slots=True)
class EnglishEvents:
    """Finds mentions by the compiled lexicon."""

    patterns: Mapping[str, tuple[Pattern, ...]]

    def find(self, story: Story) -> list[Found]:
        """Mentions in text order, dated and placed, not yet merged."""
        memory = Memory(story)
        found: list[Found] = []
        number = 0
        for index, paragraph in enumerate(story.paragraphs):
            if paragraph.doc is None:
                continue
            _mark_places(story, paragraph)
            for sentence in paragraph.doc.sents:
                number += 1
                memory.read(paragraph, sentence, number)
                for mention in self._mentions(sentence):
                    item = _found(story, paragraph, index, sentence, number, mention)
                    memory.complete(item, sentence.text)
                    found.append(item)
        return found

    def _mentions(self, sentence: Any) -> Iterator[Mention]:
        real = [
            mention
            for mention in find_mentions(sentence, self.patterns)
            if not _background(mention) and is_event(mention, sentence)
        ]
        for mention in real:
            if mention.token.lemma_ in RESULTS and mention.terms <= 1 and any(_explains(o, mention) for o in real):
                continue
            yield mention


def _explains(other: Mention, result: Mention) -> bool:
    """Whether `result` ("killing three") only says what came of `other` ("a blast")."""
    if other.token.i == result.token.i or other.token.lemma_ in RESULTS:
        return False
    if other.pattern.event_type not in (
        "Battles",
        "Explosions/Remote violence",
        "Violence against civilians",
        "Riots",
        "Disaster",
        "Crime",
        "Protests",
    ):
        return False
    return (
        clause_head(other.token).i == clause_head(result.token).i
        or result.token.dep_ in ("advcl", "relcl", "acl", "conj", "ccomp")
        or other.token.dep_ in ("nsubj", "advcl", "pobj")
    )


def _background(mention: Mention) -> bool:
    """Participles before a noun and states told in passing: "the occupied city", "an area previously held by"."""
    token = mention.token
    if token.pos_ == "ADJ" or (token.dep_ == "amod" and token.tag_ in ("VBN", "VBD", "JJ", "VBG")):
        return mention.pattern.pos != "ADJ" and mention.pattern.pos != "NOUN" and not mention.pattern.rest
    stative = token.lemma_ in ("occupy", "control", "hold")
    if stative and (token.dep_ in ("acl", "relcl") or any(c.lower_ in ("has", "have") for c in token.children)):
        return True
    return any(
        c.lower_ in ("previously", "formerly", "once", "long", "already") for c in token.children
    ) and token.dep_ in ("acl", "relcl")


def _mark_places(story: Story, paragraph: Paragraph) -> None:
    """Tell the lexicon's <place> which words are place names."""
    places: set[int] = set()
    for toponym in story.toponyms:
        if paragraph.start <= toponym.span.start < paragraph.end and paragraph.doc is not None:
            span = paragraph.doc.char_span(
                toponym.span.start - paragraph.start, toponym.span.end - paragraph.start, alignment_mode="expand"
            )
            places.update(range(span.start, span.end) if span is not None else ())
    if paragraph.doc is not None:
        paragraph.doc.user_data["places"] = places


def _found(story: Story, paragraph: Paragraph, index: int, sentence: Any, number: int, mention: Mention) -> Found:
    token, pattern = mention.token, mention.pattern
    quote = _trimmed(story.text, paragraph.start + sentence.start_char, paragraph.start + sentence.end_char)
    words = sorted(mention.words, key=lambda w: w.i)
    trigger = Span(paragraph.start + words[0].idx, paragraph.start + words[-1].idx + len(words[-1]))
    date = nearest_date(story, paragraph, sentence, token)
    dating = dated(date, None, story.document.published)
    link = best_place(story, paragraph, sentence, token)
    single = mention.terms <= 1 and token.lemma_.lower() in VAGUE
    item = Found(
        pattern.event_type,
        pattern.sub_type,
        quote,
        trigger,
        mention.terms,
        "",
        index,
        number,
        heading=paragraph.heading,
        vague=single,
        definite=token.pos_ in ("NOUN", "PROPN")
        and any(c.lower_ in DEFINITE for c in token.children if c.dep_ == "det"),
        clause=clause_head(token).i,
        actors=details.actors(token),
        fatalities=details.fatalities(sentence.text),
        notes=unresolved_notes(story.dates, quote),
    )
    if dating is not None:
        item.when, item.when_span, item.own_date = dating.when, dating.span, True
        item.notes = dating.notes
    elif date is not None and date.shift_days is not None:
        item.when_span = date.span  # counted from the event before, once that is known
    if link is not None:
        item.toponym, item.own_place = link.toponym, True
    item.title = details.title(token, pattern.sub_type, item.toponym)
    return item


def _trimmed(text: str, start: int, end: int) -> Span:
    while end > start and text[end - 1].isspace():
        end -= 1
    while start < end and text[start].isspace():
        start += 1
    return Span(start, end)
