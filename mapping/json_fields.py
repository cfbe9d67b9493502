"""Reading JSON that a browser sent: each field is checked once; a message says where it was and what is accepted."""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import TypeVar

from geodata.errors import UsageError, shown
from geodata.model import Span

Kind = TypeVar("Kind", bound=StrEnum)


class Fields:
    """The fields of one JSON object; `where` ("event 3") starts every message about it."""

    def __init__(self, raw: object, where: str) -> None:
        if not isinstance(raw, Mapping):
            raise UsageError(f"{where} is {shown(raw)}; accepted: a JSON object")
        self._raw = raw
        self.where = where

    def wrong(self, name: str, accepted: str) -> UsageError:
        return UsageError(f"{self.where}: {name} is {shown(self._raw.get(name))}; accepted: {accepted}")

    def has(self, name: str) -> bool:
        """Whether the field is there and says something: null and empty text do not."""
        return self._raw.get(name) not in (None, "")

    def text(self, name: str, most: int, default: str = "") -> str:
        """Text of at most `most` characters, without spaces around it; lone surrogates are no text."""
        return self.exact(name, most, default).strip()

    def exact(self, name: str, most: int, default: str = "") -> str:
        """Text as it was sent, spaces around it included: offsets count from its start."""
        value = self._raw.get(name, default)
        value = default if value is None else value
        if not isinstance(value, str) or any("\ud800" <= letter <= "\udfff" for letter in value):
            raise self.wrong(name, "text")
        if len(value) > most:
            raise UsageError(f"{self.where}: {name} has {len(value):,} characters; accepted: at most {most:,}")
        return value

    def number(self, name: str, low: float, high: float, default: float | None = None) -> float:
        value = self._raw.get(name, default)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.wrong(name, f"a number from {low:g} to {high:g}")
        if not low <= value <= high:  # NaN is in no range
            raise self.wrong(name, f"a number from {low:g} to {high:g}")
        return float(value)

    def flag(self, name: str) -> bool:
        """True or false; false where the field is missing."""
        value = self._raw.get(name, False)
        if not isinstance(value, bool):
            raise self.wrong(name, "true or false")
        return value

    def whole(self, name: str, low: int, high: int) -> int | None:
        """A whole number, or None where the field is missing."""
        if not self.has(name):
            return None
        value = self.number(name, low, high)
        if value != int(value):
            raise self.wrong(name, f"a whole number from {low} to {high}")
        return int(value)

    def day(self, name: str) -> date | None:
        """A calendar day as YYYY-MM-DD, or None where the field is missing or empty."""
        text = self.text(name, 40)
        return parse_day(text, f"{self.where}: {name}") if text else None

    def choice(self, name: str, kind: type[Kind], default: Kind) -> Kind:
        text = self.text(name, 100, default.value)
        try:
            return kind(text)
        except ValueError as error:
            raise self.wrong(name, ", ".join(kind)) from error

    def span(self, name: str, length: int) -> Span | None:
        """A piece of a text of `length` code points, or None where the field is missing."""
        if not self.has(name):
            return None
        inner = Fields(self._raw[name], f"{self.where}: {name}")
        start, end = inner.whole("start", 0, length), inner.whole("end", 0, length)
        if start is None or end is None or start >= end:
            raise self.wrong(name, f"start and end with 0 <= start < end <= {length}, the story's length")
        return Span(start, end)

    def items(self, name: str, most: int) -> Sequence[object]:
        value = self._raw.get(name)
        value = [] if value is None else value
        if not isinstance(value, list):
            raise self.wrong(name, "a list")
        if len(value) > most:
            raise UsageError(f"{self.where}: {name} has {len(value):,} entries; accepted: at most {most:,}")
        return value

    def texts(self, name: str, most: int, most_chars: int) -> tuple[str, ...]:
        """A list of texts."""
        each = enumerate(self.items(name, most), 1)
        return tuple(Fields({"text": item}, f"{self.where}: {name} {n}").text("text", most_chars) for n, item in each)

    def inner(self, name: str) -> "Fields":
        """The object in a field; an empty one where the field is missing."""
        return Fields(self._raw.get(name) or {}, f"{self.where}: {name}")

    def pairs(self, name: str, most: int, most_chars: int) -> dict[str, str]:
        """An object of texts."""
        raw = self._raw.get(name) or {}
        if not isinstance(raw, Mapping) or len(raw) > most:
            raise self.wrong(name, f"an object of at most {most} texts")
        inner = Fields(raw, f"{self.where}: {name}")
        return {str(key)[:100]: inner.text(key, most_chars) for key in raw}


def parse_day(text: str, name: str) -> date:
    """A calendar day from YYYY-MM-DD; UsageError names `name` and what is accepted."""
    try:
        if len(text) != 10:
            raise ValueError("not of the form YYYY-MM-DD")
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{name} is {shown(text)}; accepted: a day of the calendar as YYYY-MM-DD") from error
