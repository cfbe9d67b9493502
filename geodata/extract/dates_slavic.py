"""Ukrainian and Russian date expressions: the table of patterns and what each means."""

import re
from datetime import date, timedelta

from geodata.extract.anchoring import (
    Base,
    bare_month,
    current_season,
    cut,
    day_month,
    last_season,
    last_unit,
    month_span,
    season_span,
    spanning,
    unit_ago,
    weekday,
    year_span,
)
from geodata.extract.dates import Meaning, Reader, Rule
from geodata.extract.later import Later
from geodata.timespan import TimeSpan

_MONTH_STEMS = (
    ("січ", "январ"),
    ("лют", "феврал"),
    ("берез", "март"),
    ("квіт", "апрел"),
    ("трав", "ма"),
    ("черв", "июн"),
    ("лип", "июл"),
    ("серп", "август"),
    ("верес", "сентябр"),
    ("жовт", "октябр"),
    ("листопад", "ноябр"),
    ("груд", "декабр"),
)
MONTH = (
    r"(?P<{0}>січ(?:ня|ні|ень)|лют(?:ого|ому|ий)|берез(?:ня|ні|ень)|квіт(?:ня|ні|ень)|трав(?:ня|ні|ень)|черв(?:ня|ні|ень)"
    r"|лип(?:ня|ні|ень)|серп(?:ня|ні|ень)|верес(?:ня|ні|ень)|жовт(?:ня|ні|ень)|листопад[аі]?|груд(?:ня|ні|ень)"
    r"|январ[яеь]|феврал[яеь]|март[ае]?|апрел[яеь]|ма[яей]|июн[яеь]|июл[яеь]|август[ае]?|сентябр[яеь]|октябр[яеь]|ноябр[яеь]|декабр[яеь])"
)
WEEKDAY = (
    r"(?P<weekday>понеділ(?:ок|ка|ку)|вівтор(?:ок|ка|ку)|серед[ауи]|четвер(?:г[ау]?|га)?|п['’ʼ]?ятниц[яюіі]|субот[ауи]|неділ[яюі]"
    r"|понедельник[ау]?|вторник[ау]?|сред[ауы]|пятниц[ауы]|суббот[ауы]|воскресень[ея])"
)
DAY = r"(?P<{0}>\d{{1,2}})(?:-?(?:го|е|ого))?"
YEAR = r"(?P<{0}>(?:1[5-9]|20)\d\d)(?:\s*(?:року|році|рік|рр?\.|года|году|год|гг?\.))?"
_OPT_YEAR = rf"(?:\s*,?\s*{YEAR.format('y')})?"
_SEASONS = {
    "весн": "spring",
    "навесн": "spring",
    "літ": "summer",
    "влітк": "summer",
    "лет": "summer",
    "осін": "autumn",
    "восени": "autumn",
    "осен": "autumn",
    "зим": "winter",
    "взимк": "winter",
}
SEASON = r"(?P<season>весн\w*|навесні|літ(?:о|а|ку|ом)|влітку|лет(?:о|а|ом)|осін\w*|восени|осен\w*|зим\w*|взимку)"
_COUNTS = {
    "два": 2,
    "дві": 2,
    "две": 2,
    "три": 3,
    "чотири": 4,
    "четыре": 4,
    "п'ять": 5,
    "пять": 5,
    "шість": 6,
    "шесть": 6,
    "кілька": 3,
    "несколько": 3,
}
COUNT = r"(?P<count>\d{1,3}|два|дві|две|три|чотири|четыре|п['’]ять|пять|шість|шесть|кілька|несколько)"
UNIT = r"(?P<unit>дн\w+|день|тиж\w+|недел\w+|місяц\w+|месяц\w+|рок\w+|рік|год\w*|лет)"


def month_number(word: str) -> int:
    """1 to 12, of a month's name in any case."""
    word = word.lower()
    if word in ("мая", "мае", "май"):
        return 5
    for number, stems in enumerate(_MONTH_STEMS, 1):
        if (number != 5 and word.startswith(stems)) or (number == 5 and word.startswith("трав")):
            return number
    raise ValueError(word)


def unit_name(word: str) -> str:
    """ "day", "week", "month" or "year"."""
    word = word.lower()
    if word.startswith(("дн", "ден")):
        return "day"
    if word.startswith(("тиж", "недел")):
        return "week"
    return "month" if word.startswith(("міс", "мес")) else "year"


def count_of(word: str) -> int:
    """A number in figures or in words."""
    word = word.lower().replace("’", "'")
    return int(word) if word.isdigit() else _COUNTS[word]


def _iso(m: re.Match[str], base: Base) -> Meaning:
    return Meaning(TimeSpan.day(date(int(m["y"]), int(m["m"]), int(m["d"]))), full=True)


def _numeric(m: re.Match[str], base: Base) -> Meaning:
    return Meaning(TimeSpan.day(date(int(m["y"]), int(m["m"]), int(m["d"]))), full=True)


def _one_day(m: re.Match[str], base: Base) -> date | None:
    day, month = int(m["d"]), month_number(m["m"])
    return date(int(m["y"]), month, day) if m["y"] else day_month(base, day, month)


def _day(m: re.Match[str], base: Base) -> Meaning:
    found = _one_day(m, base)
    return Meaning(TimeSpan.day(found) if found else None, full=bool(m["y"]))


def _night(m: re.Match[str], base: Base) -> Meaning:
    """ "in the night to 12 November": the evening before until that morning."""
    found = _one_day(m, base)
    return Meaning(TimeSpan(found - timedelta(days=1), found) if found else None, full=bool(m["y"]))


def _range(m: re.Match[str], base: Base) -> Meaning:
    end = _one_day_of(m, "d2", base)
    if end is None:
        return Meaning()
    start = date(end.year, end.month, int(m["d"]))
    return Meaning(spanning(start, end) if start <= end else TimeSpan.day(end), full=bool(m["y"]))


def _one_day_of(m: re.Match[str], group: str, base: Base) -> date | None:
    day, month = int(m[group]), month_number(m["m"])
    return date(int(m["y"]), month, day) if m["y"] else day_month(base, day, month)


def _month_year(m: re.Match[str], base: Base) -> Meaning:
    return Meaning(cut(month_span(int(m["y"]), month_number(m["m"])), base.latest), full=True)


def _month_alone(m: re.Match[str], base: Base) -> Meaning:
    return Meaning(bare_month(base, month_number(m["m"])), weak=True)


def _year(m: re.Match[str], base: Base) -> Meaning:
    return Meaning(cut(year_span(int(m["y"])), base.latest), full=True, weak=True)


def _season(m: re.Match[str], base: Base) -> Meaning:
    season = next(name for stem, name in _SEASONS.items() if m["season"].lower().startswith(stem))
    if m["y"]:
        return Meaning(season_span(int(m["y"]), season), full=True)
    if base.published is None:
        return Meaning()
    return Meaning((last_season if m["last"] else current_season)(base.published, season), weak=not m["last"])


def _weekday(m: re.Match[str], base: Base) -> Meaning:
    if base.published is None:
        return Meaning()
    word = m["weekday"].lower()
    stems = ("понед", "понеділ"), ("вт", "вівтор"), ("сред", "серед"), ("четвер",), ("п",), ("суб",), ("неділ", "воскр")
    number = next(n for n in (0, 1, 2, 3, 5, 6, 4) if word.startswith(stems[n]))
    return Meaning(TimeSpan.day(weekday(base.published, number, strict=bool(m["last"]))))


def _days_back(first: int, last: int | None = None) -> Reader:
    def read(m: re.Match[str], base: Base) -> Meaning:
        if base.published is None:
            return Meaning()
        return Meaning(
            TimeSpan(
                base.published - timedelta(days=first), base.published - timedelta(days=first if last is None else last)
            )
        )

    return read


def _unit(step: int, unit: str) -> Reader:
    return lambda m, base: Meaning(last_unit(base.published, unit, step)) if base.published else Meaning()


def _ago(m: re.Match[str], base: Base) -> Meaning:
    if base.published is None:
        return Meaning()
    loose = m["count"].lower() in ("кілька", "несколько")
    return Meaning(unit_ago(base.published, count_of(m["count"]), unit_name(m["unit"]), loose=loose))


def _shift(days: int) -> Reader:
    return lambda m, base: Meaning(shift=(days, "day"))


def _rule(pattern: str, read: Reader) -> Rule:
    return Rule(Later(rf"(?<![\w/.-])(?:{pattern})(?![\w/])"), read)


RULES = (
    _rule(r"(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)", _iso),
    _rule(r"(?P<d>\d{1,2})[./](?P<m>\d{1,2})[./](?P<y>(?:19|20)\d\d)", _numeric),
    _rule(
        rf"(?:у|в)\s+(?:ніч|ночь)\s+(?:(?:з|із|зі|с|со)\s+\d+(?:-?го)?\s+)?на\s+{DAY.format('d')}\s+{MONTH.format('m')}{_OPT_YEAR}",
        _night,
    ),
    _rule(
        rf"(?:з\s+|с\s+)?{DAY.format('d')}(?:\s*[-–—]\s*|\s+(?:по|до|і|и|та)\s+){DAY.format('d2')}\s+{MONTH.format('m')}{_OPT_YEAR}",
        _range,
    ),
    _rule(
        rf"{DAY.format('d')}\s+{MONTH.format('m')}\s+(?P<y>\d{{5,6}})(?:\s*(?:року|году|года|р\.|г\.)|(?=[.!?;]))", _day
    ),
    _rule(rf"{DAY.format('d')}\s+{MONTH.format('m')}{_OPT_YEAR}", _day),
    _rule(rf"{MONTH.format('m')}\s+{YEAR.format('y')}", _month_year),
    _rule(rf"(?<=[ву]\s)(?:минулого\s+|прошлого\s+)?{MONTH.format('m')}(?!\s*\d)", _month_alone),
    _rule(
        r"(?:(?<=[ву]\s)|(?<=з\s)|(?<=с\s))(?P<y>(?:1[5-9]|20)\d\d)(?:\s*(?:року|році|рік|роком|рр?\.|года|году|год|гг?\.))",
        _year,
    ),
    _rule(rf"(?:(?P<last>минул\w+|прошл\w+)\s+)?{SEASON}\s+{YEAR.format('y')}", _season),
    _rule(rf"(?P<last>минул\w+|прошл\w+)\s+{SEASON}(?P<y>)", _season),
    _rule(r"(?P<last>)(?P<season>навесні|влітку|восени|взимку|весной|летом|осенью|зимой)(?P<y>)", _season),
    _rule(rf"(?:(?:у|в|во|вночі|ввечері|ранком)\s+)?(?:(?P<last>минул\w+|прошл\w+)\s+)?(?<!\w){WEEKDAY}", _weekday),
    _rule(r"позавчора|позавчера", _days_back(2)),
    _rule(r"вчора|учора|вчера|напередодні|накануне", _days_back(1)),
    _rule(r"сьогодні|сегодня", _days_back(0)),
    _rule(r"(?:минулої|прошлой)\s+(?:ночі|ночью)|минулої\s+ночі|вночі|ночью", _days_back(1, 0)),
    _rule(r"минулого\s+тижня|на\s+минулому\s+тижні|на\s+прошлой\s+неделе", _unit(-1, "week")),
    _rule(r"цього\s+тижня|на\s+этой\s+неделе|на\s+цьому\s+тижні", _unit(0, "week")),
    _rule(r"минулого\s+місяця|(?:в\s+)?прошлом\s+месяце", _unit(-1, "month")),
    _rule(r"торік|минулого\s+року|(?:в\s+)?прошлом\s+году", _unit(-1, "year")),
    _rule(r"цього\s+року|(?:в\s+)?этом\s+году", _unit(0, "year")),
    _rule(rf"{COUNT}\s+{UNIT}\s+(?:тому|назад)", _ago),
    _rule(r"(?:того\s+ж\s+дня|в\s+тот\s+же\s+день)", _shift(0)),
    _rule(r"наступного\s+дня|на\s+следующий\s+день", _shift(1)),
)
