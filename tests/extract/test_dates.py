"""Date expressions against a publication date, in a table: words -> days."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.extract.anchoring import Base, moved
from geodata.extract.dates import find_dates, in_order
from geodata.extract.dates_tables import ENGLISH_DATES as ENGLISH
from geodata.extract.dates_tables import SLAVIC_DATES as SLAVIC

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
    ("between February and April 2022", "2022-02-01/2022-04-30"),
    ("from March 2014 to May 2015", "2014-03-01/2015-05-31"),
    ("since 24 February 2022", "2022-02-24/2023-11-17"),
    ("since 2014", "2014-01-01/2023-11-17"),
    ("a fortnight ago", "2023-10-31/2023-11-06"),
    ("on New Year's Eve", "2022-12-31"),
    ("on Christmas Day 2021", "2021-12-25"),
    ("in the first week of November", "2023-11-01/2023-11-07"),
    ("in the last week of October 2022", "2022-10-25/2022-10-31"),
    ("in the second half of 2021", "2021-07-01/2021-12-31"),
    ("in the third quarter of 2022", "2022-07-01/2022-09-30"),
    ("in the eighties", "1980-01-01/1989-12-31"),
    ("on the night of 12 November", "2023-11-12/2023-11-13"),
]
SLAVIC_CASES = [
    ("у 1990-х роках", "1990-01-01/1999-12-31"),
    ("в 1990-х годах", "1990-01-01/1999-12-31"),
    ("у 2014-2015 роках", "2014-01-01/2015-12-31"),
    ("з 2014 до 2016 року", "2014-01-01/2016-12-31"),
    ("на початку листопада", "2023-11-01/2023-11-10"),
    ("в конце сентября", "2023-09-21/2023-09-30"),
    ("у середині жовтня 2022 року", "2022-10-11/2022-10-20"),
    ("з понеділка", "2023-11-13/2023-11-17"),
    ("с 24 февраля 2022 года", "2022-02-24/2023-11-17"),
    ("с февраля по апрель 2022 года", "2022-02-01/2022-04-30"),
    ("у ніч із 11 на 12 листопада", "2023-11-11/2023-11-12"),
    ("в ночь с 11 на 12 ноября", "2023-11-11/2023-11-12"),
    ("на вихідних", "2023-11-11/2023-11-12"),
    ("на выходных", "2023-11-11/2023-11-12"),
    ("місяць тому", "2023-10-01/2023-10-31"),
    ("неделю назад", "2023-11-07/2023-11-13"),
    ("за последние три дня", "2023-11-14/2023-11-17"),
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


@pytest.mark.parametrize("words", ["1 January 10000", "January 1, 10000", "in January 10000", "on 31 February 2022"])
def test_an_impossible_date_leaves_no_other_date_in_its_place(words: str) -> None:
    (mention,) = in_order("", find_dates(f"A bomb went off {words}.", ENGLISH, Base(FRIDAY)))
    assert mention.when is None
    assert "in no calendar" in mention.note


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("On 1 January 10000 people marched.", ["2023-01-01"]),
        ("On 1 January 10,000 people marched.", ["2023-01-01"]),
        ("On January 5 20000 rounds were found.", ["2023-01-05"]),
    ],
)
def test_a_figure_behind_a_day_that_counts_something_is_no_year(text: str, expected: list[str]) -> None:
    assert days(text) == expected


EDGES = (date.min, date(1, 1, 7), date(1, 3, 1), date(1000, 1, 1), date(9999, 1, 31), date(9999, 12, 30), date.max)


@pytest.mark.parametrize("published", EDGES)
def test_a_publication_date_at_an_end_of_the_calendar_is_read_like_any_other(published: date) -> None:
    for rules, cases in ((ENGLISH, EN), (SLAVIC, SLAVIC_CASES)):
        text = ". ".join(words for words, _ in cases) + ". Two weeks later, the next day, a month earlier."
        for mention in in_order(text, find_dates(text, rules, Base(published))):
            assert mention.when or mention.shift or mention.note


@given(st.dates(), st.sampled_from([words for words, _ in EN + SLAVIC_CASES]), st.booleans())
def test_no_publication_date_breaks_the_reckoning(published: date, words: str, future: bool) -> None:
    for rules in (ENGLISH, SLAVIC):
        in_order(words, find_dates(words, rules, Base(published, future=future)))


@given(st.dates(), st.integers(-400, 400))
def test_the_end_of_a_window_stays_in_the_calendar(day: date, days: int) -> None:
    assert moved(day, days) == date.fromordinal(min(max(day.toordinal() + days, 1), date.max.toordinal()))
