"""Live blogs: an entry that opens with the time of day is of the day on which the page, or its last day heading, is."""

import re
from collections.abc import Sequence
from datetime import date

from geodata.extract.dates import DateMention
from geodata.extract.spans import Taken, within
from geodata.extract.story import Paragraph
from geodata.model import Span
from geodata.timespan import DatePrecision, TimeSpan

LEAST_STAMPS = 2
"""Entries from which a page counts as a live blog: one time alone may be anything's."""
MOST_HEADING_CHARS = 60
_STAMP = re.compile(
    r"\W{0,3}(?P<time>(?:[01]?\d|2[0-3])[:.][0-5]\d(?:[:.][0-5]\d)?(?:\s?[ap]\.?m\b\.?)?(?:\s(?:GMT|UTC|BST|CES?T|EE?S?T|MSK)\b)?)(?=\W*\s)",
    re.IGNORECASE,
)


def stamped(pieces: Sequence[Paragraph], known: Sequence[DateMention], published: date | None) -> list[DateMention]:
    """A weak date for each entry's time, so that any date which the entry itself gives goes before it."""
    found = [(piece, match) for piece in pieces if (match := _STAMP.match(piece.text))]
    if len(found) < LEAST_STAMPS:
        return []
    opened = {id(piece): match for piece, match in found}
    taken = Taken(mention.span for mention in known)
    day = TimeSpan.day(published) if published is not None else None
    made = []
    for piece in pieces:
        match = opened.get(id(piece))
        if match is None:
            day = _day_of(piece, known) or day
            continue
        span = Span(piece.start + match.start("time"), piece.start + match.end("time"))
        if day is not None and not taken.overlaps(span):
            made.append(DateMention(span, match["time"], day, weak=True, note=_note(match["time"], day)))
    return made


def _day_of(piece: Paragraph, known: Sequence[DateMention]) -> TimeSpan | None:
    """The day that a heading between entries gives to those below it."""
    if not piece.heading or len(piece.text) > MOST_HEADING_CHARS:
        return None
    days = (mention.when for mention in within(known, Span(piece.start, piece.end)))
    return next((when for when in days if when and when.precision == DatePrecision.DAY and when.days == 1), None)


def _note(time: str, day: TimeSpan) -> str:
    return f"dated by its time stamp, {time}, to {day}"
