"""Dates and deaths as people write them into cells: what each means, and what is refused."""

import pytest

from geodata.contracts import Reading
from geodata.errors import UsageError
from geodata.model import Fatalities
from geodata.sources import IMPORTERS
from geodata.sources.dates import Orders, day_of
from geodata.sources.figures import read_deaths


@pytest.mark.parametrize(
    ("text", "days", "precision"),
    [
        ("early November 2022", "2022-11-01/2022-11-10", "month"),
        ("mid-March 2023", "2023-03-11/2023-03-20", "month"),
        ("late 2021", "2021-08-31/2021-12-31", "season"),
        ("кінець листопада 2022", "2022-11-21/2022-11-30", "month"),
        ("в середине марта 2023", "2023-03-11/2023-03-20", "month"),
        ("Anfang März 2023", "2023-03-01/2023-03-10", "month"),
        ("Q3 2022", "2022-07-01/2022-09-30", "season"),
        ("2022 Q3", "2022-07-01/2022-09-30", "season"),
        ("III кв. 2022", "2022-07-01/2022-09-30", "season"),
        ("H1 2022", "2022-01-01/2022-06-30", "season"),
        ("winter 2022/23", "2022-12-01/2023-02-28", "season"),
        ("літо 2022", "2022-06-01/2022-08-31", "season"),
        ("week of 16 November 2022", "2022-11-14/2022-11-20", "week"),
        ("KW 46/2022", "2022-11-14/2022-11-20", "week"),
        ("12 Nov 2022 - 14 Nov 2022", "2022-11-12/2022-11-14", "day"),
        ("12-14 Nov 2022", "2022-11-12/2022-11-14", "day"),
        ("Nov 12–14, 2022", "2022-11-12/2022-11-14", "day"),
        ("12.-14.11.2022", "2022-11-12/2022-11-14", "day"),
        ("28 Dec – 2 Jan 2023", "2022-12-28/2023-01-02", "day"),
        ("2022-11-12 to 2022-11-14", "2022-11-12/2022-11-14", "day"),
        ("з 12 до 14 листопада 2022 року", "2022-11-12/2022-11-14", "day"),
        ("с 12 по 14 ноября 2022 г.", "2022-11-12/2022-11-14", "day"),
        ("Nov-Dec 2022", "2022-11-01/2022-12-31", "month"),
        ("2021–2023", "2021-01-01/2023-12-31", "year"),
        ("12 листопада 2022 р.", "2022-11-12", "day"),
        ("12 нояб. 2022", "2022-11-12", "day"),
        ("11 grudnia 2022", "2022-12-11", "day"),
        ("1er mars 2023", "2023-03-01", "day"),
        ("12 تشرين الثاني 2022", "2022-11-12", "day"),
        ("Sat, 12 Nov 2022", "2022-11-12", "day"),
        ("Пн 14.11.2022", "2022-11-14", "day"),
        ("12 Nov 2022 14:30 - 16:00", "2022-11-12", "day"),
        ("2022-11-12 14:30 - 1600", "2022-11-12", "day"),
    ],
)
def test_dates_in_words(text: str, days: str, precision: str) -> None:
    span = day_of(text)
    assert (str(span), span.precision) == (days, precision)


@pytest.mark.parametrize(
    "text",
    ["Nov-22", "about 12 Nov 2022", "c. 2022", "12 Nov", "Q5 2022", "early 12 Nov 2022", "30-31 Feb 2022",
     "14 November 2022 - 12 November 2022", "12/11/2022 - 14/11/2022", "soon", "x" * 5000, "2021 – 2022 – 2023",
     "Nov 0-3, 2022", "0 Nov - 3 Nov 2022"],
)  # fmt: skip
def test_what_names_no_day_is_refused(text: str) -> None:
    """A span that ends before it starts was read as its first day, and one of two slashed dates too."""
    with pytest.raises(UsageError):
        day_of(text)


def test_spans_say_the_order_of_dates_too() -> None:
    orders = Orders()
    orders.add("3/4/2022 - 25/4/2022", 7)
    assert (orders.order, orders.lines["dmy"], orders.open_) == ("dmy", 7, "3/4/2022")


@pytest.mark.parametrize("text", ["31/31/2022", "0/5/2022", "40/3/2022"])
def test_what_is_in_no_calendar_says_no_order(text: str) -> None:
    orders = Orders()
    orders.add(text, 5)
    orders.add("3/4/2022", 2)
    assert (orders.order, orders.open_) == ("", "3/4/2022")


@pytest.mark.parametrize(
    ("cells", "deaths", "said"),
    [
        (("", "3", ""), (None, 3, None), ""),
        (("", "1,200", ""), (None, 1200, None), ""),
        (("", "1.200", ""), (None, 1200, None), "was taken as 1,200"),
        (("", "~10", ""), (None, 10, None), "was taken as about 10"),
        (("", "близько 10", ""), (None, 10, None), "was taken as about 10"),
        (("", "5-7", ""), (5, None, 7), ""),
        (("", "от 5 до 7 человек", ""), (5, None, 7), ""),
        (("", "at least 3", ""), (3, None, None), ""),
        (("", "3+", ""), (3, None, None), ""),
        (("", "bis zu 20", ""), (None, None, 20), ""),
        (("", "dozens", ""), (12, None, None), "was taken as at least 12"),
        (("", "three killed", ""), (None, 3, None), "was taken as 3"),
        (("", "3 (2 children)", ""), (None, 3, None), "was taken as 3"),
        (("2", "5-7", ""), (2, None, 7), ""),
        (("", "~10", "12"), (None, 10, 12), "about 10"),
        (("3+", "", "up to 9"), (3, None, 9), ""),
        (("", "3.000", ""), None, "is no number of deaths"),
        (("", "some", ""), None, "is no number of deaths"),
        (("", "7-5", ""), None, "is no number of deaths"),
        (("", "-1", ""), None, "is no number of deaths"),
        (("", "99999999", ""), None, "is no number of deaths"),
        (("", "n/a", ""), None, ""),
    ],
)
def test_deaths_in_words(
    cells: tuple[str, str, str], deaths: tuple[int | None, int | None, int | None] | None, said: str
) -> None:
    found = read_deaths(*cells)
    assert found.deaths == (deaths and Fatalities(*deaths))
    assert [said in told for _, told in found.remarks] == [True] * bool(said)
    assert bool(found.kept) == bool(said)


def reading(kind: str, text: str) -> Reading:
    return IMPORTERS[kind](text.encode(), f"t.{kind}")


@pytest.mark.parametrize(
    ("deaths", "best", "said"),
    [('"1,200"', 1200, ""), ("3", 3, ""), ("NaN", None, "'nan' is no number"), ("3.5", None, "'3.5' is no number"),
     ("true", None, "'True' is no number"), ('"about 5"', 5, "about 5")],
)  # fmt: skip
def test_deaths_of_geojson_are_never_dropped_unsaid(deaths: str, best: int | None, said: str) -> None:
    feature = '{"type": "Feature", "geometry": null, "properties": {"title": "A", "date": "2022", "deaths": %s}}'
    found = reading("geojson", '{"type": "FeatureCollection", "features": [%s]}' % (feature % deaths))
    (event,) = found.events
    assert (event.fatalities and event.fatalities.best) == best
    assert said in " ".join(problem.message for problem in found.problems)
    assert bool(found.problems) == bool(said)


def test_a_table_says_how_its_dates_in_words_were_read() -> None:
    found = reading("csv", "date,title\nearly November 2022,A\n2022-11-12,B\n")
    assert not found.problems
    assert "'early November 2022' in line 2 is 2022-11-01 to 2022-11-10" in found.notes[0]
