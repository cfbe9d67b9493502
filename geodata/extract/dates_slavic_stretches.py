"""Ukrainian and Russian expressions for stretches of time; what is left over from the table of dates_slavic."""

import re

from geodata.extract.anchoring import Base, bare_month, cut, last_unit, month_span, spanning, unit_ago, year_span
from geodata.extract.dates import Meaning, Reader, Rule
from geodata.extract.dates_en import part_of
from geodata.extract.dates_slavic import COUNT, MONTH, UNIT, YEAR, count_of, month_number, unit_name
from geodata.extract.dates_stretches import months_between
from geodata.extract.later import Later

_PARTS = (("поч", "early"), ("нач", "early"), ("серед", "mid"))
_OPT_YEAR = rf"(?:\s*,?\s*{YEAR.format('y')})?"
_YEARS = r"(?:роках|роки|років|року|годах|годы|годов|года|год|рр?\.|гг?\.)"


def _part(m: re.Match[str], base: Base) -> Meaning:
    """ "At the beginning of November": the first third of it."""
    month = month_number(m["m"])
    span = month_span(int(m["y"]), month) if m["y"] else bare_month(base, month)
    if span is None:
        return Meaning()
    whole = month_span(span.start.year, month)
    about = next((name for stem, name in _PARTS if m["part"].lower().startswith(stem)), "late")
    return Meaning(part_of(whole, about), full=bool(m["y"]), weak=not m["y"])


def _decade(m: re.Match[str], base: Base) -> Meaning:
    return Meaning(year_span(int(m["y"]), int(m["y"]) + 9), full=True, weak=True)


def _years(m: re.Match[str], base: Base) -> Meaning | None:
    first, last = int(m["y"]), int(m["y2"])
    return Meaning(cut(year_span(first, last), base.latest), full=True, weak=True) if first <= last else None


def _months(m: re.Match[str], base: Base) -> Meaning:
    return months_between(m, base, month_number(m["m"]), month_number(m["m2"]))


def _weekend(m: re.Match[str], base: Base) -> Meaning:
    return Meaning(last_unit(base.published, "weekend", -1)) if base.published else Meaning()


def _one_ago(m: re.Match[str], base: Base) -> Meaning:
    return Meaning(unit_ago(base.published, 1, unit_name(m["unit"]))) if base.published else Meaning()


def _past_units(m: re.Match[str], base: Base) -> Meaning:
    """ "Over the last three days": from then until publication."""
    if base.published is None:
        return Meaning()
    count = count_of(m["count"]) if m["count"] else 1
    return Meaning(spanning(unit_ago(base.published, count, unit_name(m["unit"])).start, base.published))


def _rule(pattern: str, read: Reader) -> Rule:
    return Rule(Later(rf"(?<![\w/.-])(?:{pattern})(?![\w/])"), read)


RULES = (
    _rule(
        rf"(?:на|у|в)?\s*(?P<part>початку|начале|середині|середине|кінці|конце|наприкінці)\s+{MONTH.format('m')}{_OPT_YEAR}",
        _part,
    ),
    _rule(rf"(?P<y>(?:1[5-9]|20)\d0)\s*-?\s*(?:х|их|ті|тих|е)\s+{_YEARS}", _decade),
    _rule(rf"(?P<y>(?:1[5-9]|20)\d\d)\s*[-–—]\s*(?P<y2>(?:1[5-9]|20)\d\d)\s*{_YEARS}", _years),
    _rule(
        rf"(?:з|із|с|від|от)\s+(?P<y>(?:1[5-9]|20)\d\d)\s+(?:до|по)\s+(?P<y2>(?:1[5-9]|20)\d\d)\s*{_YEARS}",
        _years,
    ),
    _rule(
        rf"(?:з|із|с|від|от|між|между)\s+{MONTH.format('m')}(?:\s+{YEAR.format('y1')})?\s+(?:по|до|та|і|и)\s+"
        rf"{MONTH.format('m2')}{_OPT_YEAR}",
        _months,
    ),
    _rule(
        r"(?:на\s+|у\s+|в\s+)?(?:минулих\s+|прошлых\s+|прошедшие\s+|минувшие\s+)?(?:вихідних|выходных|выходные)",
        _weekend,
    ),
    _rule(r"(?P<unit>день|тиждень|неделю|місяць|месяц|рік|год)\s+(?:тому|назад)", _one_ago),
    _rule(
        rf"(?:за|протягом|впродовж|в\s+течение)\s+(?:останн\w+\s+|последн\w+\s+)?(?:{COUNT}\s+)?{UNIT}(?!\s+(?:тому|назад))",
        _past_units,
    ),
)
