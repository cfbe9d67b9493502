"""Dates in a form that the tables do not know ("March the 3rd, 2021", "11-Nov-22"): left to dateparser.

Only spans that spaCy marks as DATE, that name a month and hold a figure, and that no table has read. dateparser alone
takes ages and durations for dates ("twelve years", "8 years old"), so it never sees those.
"""

import re
from collections.abc import Iterator
from datetime import datetime, time
from functools import cache
from typing import Any

from geodata.extract.anchoring import Base, month_span
from geodata.extract.dates import DateMention
from geodata.extract.spans import Taken
from geodata.extract.story import Story
from geodata.model import Span
from geodata.timespan import TimeSpan

MOST_CHARS = 40
_MONTH = re.compile(r"(?<![a-z])(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")


def other_dates(story: Story, known: list[DateMention], base: Base) -> list[DateMention]:
    """The DATE spans of an English story that dateparser can read and none of `known` overlaps, in text order."""
    taken = Taken(mention.span for mention in known)
    found = []
    for span, text in _candidates(story):
        if not taken.overlaps(span) and (when := _read(text, base)) is not None:
            found.append(DateMention(span, text, when, full=bool(_YEAR.search(text))))
    return found


def _candidates(story: Story) -> Iterator[tuple[Span, str]]:
    for paragraph in story.paragraphs:
        for entity in paragraph.entities:
            text = paragraph.text[entity.start : entity.end]
            if (
                entity.label == "DATE"
                and len(text) <= MOST_CHARS
                and _MONTH.search(text)
                and any(c.isdigit() for c in text)
            ):
                start = paragraph.start + entity.start
                yield Span(start, start + len(text)), text


def _read(text: str, base: Base) -> TimeSpan | None:
    """The day or month that the words name; None where dateparser reads none, or the year would be a guess."""
    if base.published is None and not _YEAR.search(text):
        return None
    settings: dict[str, Any] = {"PREFER_DATES_FROM": "past", "REQUIRE_PARTS": ["month"]}
    if base.published is not None:
        settings["RELATIVE_BASE"] = datetime.combine(base.published, time(12))
    try:
        found = _parser()(languages=["en"], settings=settings).get_date_data(text)
    except (ValueError, OverflowError):  # reckoned past an end of the calendar
        return None
    if found.date_obj is None or found.period not in ("day", "month"):
        return None
    day = found.date_obj.date()
    return TimeSpan.day(day) if found.period == "day" else month_span(day.year, day.month)


@cache
def _parser() -> Any:
    from dateparser.date import DateDataParser  # half a second to import: only when a story needs it

    return DateDataParser
