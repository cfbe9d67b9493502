"""When an event was: the date words nearest to it, else what the story told before, else the time up to publication."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from geodata.extract.anchoring import moved
from geodata.extract.dates import DateMention
from geodata.extract.spans import within
from geodata.extract.story import Paragraph, Story
from geodata.extract.triggers import clause_head, in_class
from geodata.model import Span
from geodata.timespan import DatePrecision, TimeSpan

NEWS_DAYS = 6
"""News without a date is of the days just before it is published: a week, publication day included."""
ELSEWHERE = 5.0
"""Cost from which a date is of something else in the sentence."""
YEAR_APART_DAYS = 330
INHERITED = "no date in the sentence: taken from the event told before it"
BOUNDED = "no date in the text: the week up to publication"


@dataclass(frozen=True, slots=True)
class Dating:
    """The days, the words that say so (None: inherited or bounded), and doubts."""

    when: TimeSpan | None
    span: Span | None = None
    notes: tuple[str, ...] = ()


def nearest_date(story: Story, paragraph: Paragraph, sentence: Any, token: Any) -> DateMention | None:
    """The date expression of the sentence that goes with the trigger: in its clause first, then by distance."""
    span = Span(paragraph.start + sentence.start_char, paragraph.start + sentence.end_char)
    here = [
        m
        for m in within(story.dates, span)
        if m.when is not None and not (story.dateline and story.dateline.covers(m.span))
    ]
    costs = [_cost(paragraph, mention, token) for mention in here]
    least = min(range(len(here)), key=costs.__getitem__, default=None)
    return here[least] if least is not None and costs[least][0] < ELSEWHERE else None


def _cost(paragraph: Paragraph, mention: DateMention, token: Any) -> tuple[float, int]:
    start = mention.span.start - paragraph.start
    words = paragraph.parsed.around(start, mention.span.end - paragraph.start) if paragraph.parsed else None
    if words is None:
        return (9.0, start)
    head = clause_head(words.root)
    cost = 0.0 if head.i == clause_head(token).i else 1.0
    if cost and head.dep_ in ("relcl", "acl") and head.head.pos_ in ("NOUN", "PROPN") and not head.is_ancestor(token):
        # "Orikhiv, a town that was freed last year": the date is the clause's, if it is about a place
        cost += ELSEWHERE if head.head.ent_type_ in ("GPE", "LOC") or in_class(head.head, "place") else 0.5
    if mention.weak:
        cost += 0.5
    return (cost + min(abs(words.root.i - token.i), 40) / 40, start)


def dated(mention: DateMention | None, published: date | None) -> Dating | None:
    """The dating that a date expression gives, or None where it gives none."""
    if mention is None or mention.when is None:
        return None
    notes = (mention.note,) if mention.note else ()
    return Dating(mention.when, mention.span, (*notes, *doubts(mention.when, mention.full, published)))


def doubts(when: TimeSpan, full: bool, published: date | None) -> tuple[str, ...]:
    """What a person should check of a date against the publication date."""
    if published is None:
        return ()
    if when.start > published:
        return (f"the text says {when}, after publication ({published}): check",)
    apart = (published - when.end).days
    if full and when.precision == DatePrecision.DAY and apart >= YEAR_APART_DAYS:
        years = max(1, round(apart / 365))
        said = "a year" if years == 1 else f"{years} years"
        return (f"the text says {when}, {said} before publication ({published}): check",)
    return ()


def inherited(previous: TimeSpan | None) -> Dating | None:
    return Dating(previous, None, (INHERITED,)) if previous is not None else None


def bounded(published: date | None) -> Dating:
    """Nothing says when: the week that ends on the publication date, or nothing at all without one."""
    if published is None:
        return Dating(None, None, ("no date in the text and no publication date: undated",))
    return Dating(TimeSpan(moved(published, -NEWS_DAYS), published, DatePrecision.WEEK), None, (BOUNDED,))


def unresolved_notes(dates: Sequence[DateMention], span: Span) -> tuple[str, ...]:
    """Notes of date words in the sentence that came to no day, such as "31 February"."""
    return tuple(dict.fromkeys(m.note for m in within(dates, span) if m.when is None and m.note))
