"""Date expressions against a publication date, in a table: words -> days."""

from datetime import date

import pytest

from geodata.extract.anchoring import Base
from geodata.extract.dates import find_dates, in_order
from geodata.extract.dates_en import RULES as ENGLISH
from geodata.extract.dates_slavic import RULES as SLAVIC

FRIDAY = date(2023, 11, 17)

EN = [
    ("on November 11, 2022", "2022-11-11"),
    ("on 11 Nov", "2023-11-11"),
    ("Nov.17 - 2023", "2023-11-17"),
    ("in February 2022", "2022-02-01/2022-02-28"),
    ("in 2014", "2014-01-01/2014-12-31"),
    ("2022-11-11", "2022-11-11"),
    ("11.11.2022", "2022-11-11"),
    ("on Saturday", "2023-11-11"),
    ("on Friday", "2023-11-17"),
    ("last Friday", "2023-11-10"),
    ("next Friday", "2023-11-24"),
    ("early on Thursday morning", "2023-11-16"),
    ("yesterday", "2023-11-16"),
    ("today", "2023-11-17"),
    ("overnight", "2023-11-16/2023-11-17"),
    ("last week", "2023-11-06/2023-11-12"),
    ("this week", "2023-11-13/2023-11-17"),
    ("last weekend", "2023-11-11/2023-11-12"),
    ("last month", "2023-10-01/2023-10-31"),
    ("last year", "2022-01-01/2022-12-31"),
    ("last summer", "2023-06-01/2023-08-31"),
    ("in the winter of 2021", "2021-12-01/2022-02-28"),
    ("two days ago", "2023-11-15"),
    ("three weeks ago", "2023-10-24/2023-10-30"),
    ("since Monday", "2023-11-13/2023-11-17"),
    ("11-13 November", "2023-11-11/2023-11-13"),
    ("between 3 and 5 May", "2023-05-03/2023-05-05"),
    ("from 30 October to 2 November 2022", "2022-10-30/2022-11-02"),
    ("from August 2022 until last week", "2022-08-01/2023-11-12"),
    ("in the 1990s", "1990-01-01/1999-12-31"),
    ("in early February 2022", "2022-02-01/2022-02-09"),
    ("in August last year", "2022-08-01/2022-08-31"),
    ("in December", "2022-12-01/2022-12-31"),
    ("29 February", "2020-02-29"),
]
SLAVIC_CASES = [
    ("11 листопада 2022 року", "2022-11-11"),
    ("11 листопада", "2023-11-11"),
    ("у ніч на 12 листопада", "2023-11-11/2023-11-12"),
    ("в ночь на 12 ноября", "2023-11-11/2023-11-12"),
    ("у лютому 2022 року", "2022-02-01/2022-02-28"),
    ("в феврале 2022 года", "2022-02-01/2022-02-28"),
    ("у 2014 році", "2014-01-01/2014-12-31"),
    ("вчора", "2023-11-16"),
    ("вчера", "2023-11-16"),
    ("у суботу", "2023-11-11"),
    ("в пятницу", "2023-11-17"),
    ("у п'ятницю", "2023-11-17"),
    ("минулого тижня", "2023-11-06/2023-11-12"),
    ("на прошлой неделе", "2023-11-06/2023-11-12"),
    ("торік", "2022-01-01/2022-12-31"),
    ("два дні тому", "2023-11-15"),
    ("11.11.2022", "2022-11-11"),
    ("10-12 травня", "2023-05-10/2023-05-12"),
    ("5 мая", "2023-05-05"),
]


def days(text: str, published: date | None = FRIDAY, rules=ENGLISH) -> list[str]:
    return [str(m.when) for m in in_order(text, find_dates(text, rules, Base(published))) if m.when]


@pytest.mark.parametrize(("words", "expected"), EN)
def test_english(words: str, expected: str) -> None:
    assert days(f"It happened {words}, they said.") == [expected]


@pytest.mark.parametrize(("words", "expected"), SLAVIC_CASES)
def test_ukrainian_and_russian(words: str, expected: str) -> None:
    assert days(f"Це сталося {words}, кажуть вони.", rules=SLAVIC) == [expected]


@pytest.mark.parametrize("words", ["31 February", "31.02.2022", "2022-13-45", "30 February 2022"])
def test_a_day_that_is_in_no_calendar_is_noted_and_not_used(words: str) -> None:
    (mention,) = find_dates(f"On {words} it rained.", ENGLISH, Base(FRIDAY))
    assert mention.when is None
    assert "in no calendar" in mention.note


@pytest.mark.parametrize("words", ["yesterday", "on Saturday", "last summer", "two days ago", "11 November"])
def test_without_a_publication_date_relative_words_come_to_nothing_and_say_so(words: str) -> None:
    (mention,) = find_dates(f"It rained {words}.", ENGLISH, Base(None))
    assert mention.when is None
    assert "publication date" in mention.note


def test_without_a_publication_date_the_year_comes_from_the_text() -> None:
    assert days("It began on 1 May 2020 and ended on 3 May.", None) == ["2020-05-01", "2020-05-03"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("On 3 May a bomb went off. Two days later another did.", ["2023-05-03", "2023-05-05"]),
        ("On 3 May a bomb went off. The next day another did.", ["2023-05-03", "2023-05-04"]),
        ("On 3 May a bomb went off. The same day another did.", ["2023-05-03", "2023-05-03"]),
        ("On 15 April they fought. A month later they met.", ["2023-04-15", "2023-05-01/2023-05-31"]),
    ],
)
def test_words_that_count_from_a_day_named_before(text: str, expected: list[str]) -> None:
    assert days(text) == expected


@pytest.mark.parametrize(
    "text", ["for nine years", "in 2022 people", "room 1145", "at 8:42", "the May family", "60 Minutes"]
)
def test_not_a_date(text: str) -> None:
    assert days(f"It lasted {text}.") == []
