"""The publication date that a pasted story says of itself: a line near its top that is a date and nothing else."""

import re
from datetime import date
from typing import Any

TOP_LINES = 8
MOST_CHARS = 60
LANGUAGES = ["en", "uk", "ru", "fr", "es", "de"]
_LEAD = re.compile(
    r"^\W*(?:(?:first\s+)?published|posted|updated|last\s+updated|date|опубліковано|опубликовано)\b(?:\s+on)?\W*",
    re.IGNORECASE,
)
_WORTH = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_NAMED = re.compile(r"[^\W\d_]{3}|\d{4}-\d\d-\d\d")
_RELATIVE = re.compile(r"\bago\b", re.IGNORECASE)


def said_published(text: str) -> tuple[date, str] | None:
    """The day and the line that says it, from the first lines of a story; None where none does.

    The line must name day, month and year, the month in words or the whole in ISO 8601: 03/04/2023 is never guessed.
    A day in the future is none.
    """
    lines = [line.strip() for line in text[:4000].splitlines() if line.strip()]
    for line in lines[:TOP_LINES]:
        said = _LEAD.sub("", line)
        if len(line) > MOST_CHARS or _RELATIVE.search(said) or not (_WORTH.search(said) and _NAMED.search(said)):
            continue
        day = _day(said)
        if day is not None and day <= date.today():
            return day, line
    return None


def _day(line: str) -> date | None:
    from dateparser.date import DateDataParser  # half a second to import: only for a line that may be a date

    settings: dict[str, Any] = {"REQUIRE_PARTS": ["day", "month", "year"], "STRICT_PARSING": True}
    found = DateDataParser(languages=LANGUAGES, settings=settings).get_date_data(line)
    return found.date_obj.date() if found.date_obj else None
