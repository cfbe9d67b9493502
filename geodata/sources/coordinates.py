"""Positions as tables write them: decimal points and commas, degrees with minutes and seconds, pairs, WKT points.

Longitude first. Nothing here decides which of two readings is meant: that is the mapping's, told or asked before.
"""

import re
from typing import NamedTuple

from geodata.errors import UsageError, shown

MISSING = frozenset({
    "nan", "null", "none", "na", "n/a", "#n/a", "nil", "\\n", "-", "--", "–", "—", "?", "unknown", "n.a.", "not known",
    "unbekannt", "k.a.", "inconnu", "desconocido", "desconocida", "s/d", "desconhecido", "sconosciuto", "nieznane",
    "bilinmiyor", "невідомо", "немає даних", "неизвестно", "нет данных", "غير معروف",
})  # fmt: skip
"""Words that stand for nothing in a cell of numbers or dates."""
ACCEPTED_DEGREES = "35.3708, 35,3708 or 35°22'15\"E"
_NUMBER = r"\d+(?:[.,]\d+)?"
_LETTERS = "NSEWnsew"
_DMS = re.compile(
    rf"(?P<before>[{_LETTERS}])?\s*(?P<sign>[+\-−]?)\s*(?P<deg>{_NUMBER})\s*(?:[°ºd:˚]\s*|\s+|(?=[{_LETTERS}]|$))"
    rf"(?:(?P<min>{_NUMBER})\s*(?:['′’‘m:]\s*|\s+|(?=[{_LETTERS}]|$))"
    rf"(?:(?P<sec>{_NUMBER})\s*(?:[\"″”“s]|''|′′|’’)?\s*)?)?(?P<after>[{_LETTERS}])?"
)
_WKT = re.compile(r"(?:SRID=\d+;)?\s*POINT\s*Z?\s*\(\s*(\S+)\s+([^\s)]+)[^)]*\)", re.IGNORECASE)
_LETTERED = re.compile(rf"(.*?[{_LETTERS}])[\s,;/]+(.*[{_LETTERS}])")
_LETTER_LEADS = re.compile(rf"([{_LETTERS}].*?)[\s,;/]+([{_LETTERS}].*)")


class Degrees(NamedTuple):
    """A number, and the letter beside it that says its direction, N, S, E or W; empty where it has none."""

    value: float
    letter: str = ""


def is_missing(text: str) -> bool:
    return not text or text.casefold() in MISSING


def degrees_of(text: str, decimal: str = "") -> Degrees:
    """One coordinate. A single comma is taken for the decimal mark unless `decimal` says "."; UsageError: none."""
    if "_" not in text:  # which Python takes between digits
        for plain in (text, _pointed(text.strip(), decimal)):
            try:
                return Degrees(float(plain))
            except ValueError:
                continue
    found = _DMS.fullmatch(_pointed(text.strip(), decimal))
    if not found or (found["before"] and found["after"]):
        raise UsageError(f"{shown(text)} is not a number of degrees; accepted: {ACCEPTED_DEGREES}")
    return _sexagesimal(found, text)


def _sexagesimal(found: re.Match[str], text: str) -> Degrees:
    minutes, seconds = (float((found[name] or "0").replace(",", ".")) for name in ("min", "sec"))
    if minutes >= 60 or seconds >= 60:
        raise UsageError(f"{shown(text)} has 60 minutes or seconds or more; accepted: {ACCEPTED_DEGREES}")
    value = float(found["deg"].replace(",", ".")) + minutes / 60 + seconds / 3600
    letter = (found["before"] or found["after"] or "").upper()
    if found["sign"] in ("-", "−") or letter in ("S", "W"):
        value = -value
    return Degrees(round(value, 9), letter)


def _pointed(text: str, decimal: str) -> str:
    """The number with a decimal point and no marks between thousands."""
    if "," not in text:
        return text.replace("\u00a0", "").replace("\u202f", "") if decimal != "," else text
    if decimal == "," or (decimal != "." and text.count(",") == 1 and "." not in text):
        return text.replace(".", "").replace(",", ".") if text.count(",") == 1 else text
    if decimal == "." or text.count(",") > 1:
        return text.replace(",", "")
    comma_last = text.rfind(",") > text.rfind(".")  # 1.234,5 or 1,234.5
    return text.replace(".", "").replace(",", ".") if comma_last else text.replace(",", "")


def split_pair(text: str) -> tuple[str, str, bool]:
    """The two halves of a cell with a whole position; True where the text itself says that longitude is first.

    UsageError where there are not two.
    """
    if match := _WKT.fullmatch(text.strip()):
        return match[1], match[2], True
    text = text.strip().strip("()[]{}").strip()
    for form in (_LETTER_LEADS, _LETTERED):
        if match := form.fullmatch(text):
            return match[1], match[2], False
    for mark in (";", "/", "|", ", "):
        halves = [half.strip() for half in text.split(mark)]
        if len(halves) == 2 and all(halves):
            return halves[0], halves[1], False
    halves = text.split(",") if text.count(",") == 1 and "." in text else text.split()
    if len(halves) == 2 and all(halves):
        return halves[0].strip(), halves[1].strip(), False
    if text.count(",") == 1:
        first, _, second = text.partition(",")
        if first.strip() and second.strip():
            return first.strip(), second.strip(), False
    raise UsageError(f"{shown(text)} is not a position; accepted: 48.45, 35.37 (latitude first) or POINT(35.37 48.45)")
