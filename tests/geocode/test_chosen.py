"""What people chose that a name means: found in texts and tables, in other cases and scripts; the text outvotes it."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from geodata.contracts import PlaceRow
from geodata.errors import UsageError
from geodata.geocode import SqliteGazetteer
from geodata.geocode.chosen import CHOSEN_SCORE, choose, choose_name
from geodata.geocode.resolver import GazetteerResolver
from geodata.geocode.table import TablePlaces
from geodata.model import Document, Place, PlaceChoice, Precision, Resolution, Span, Toponym

DAY = datetime(2026, 11, 23, 12, tzinfo=UTC)
FARM = Place("Springfield farm", 33.5, 47.1, country="UA", admin1="Kherson Oblast")


class Book:
    """Choices that a test changes as it goes."""

    def __init__(self) -> None:
        self.kept: tuple[PlaceChoice, ...] = ()

    def known(self) -> Sequence[PlaceChoice]:
        return self.kept

    def add(self, name: str, place: Place, level: int = 0) -> None:
        choice = choose_name(name, place, level)
        self.kept = (PlaceChoice(choice.name, choice.key, place, DAY, level), *self.kept)


@pytest.fixture
def book() -> Book:
    return Book()


def place(small: SqliteGazetteer, place_id: str) -> Place:
    return small.place(place_id)


def resolve(small: SqliteGazetteer, book: Book, text: str, name: str, *context: str, near: bool = False) -> Resolution:
    at = text.index(name)
    toponym = Toponym(Span(at, at + len(name)), name, name, near=near, context=context)
    return GazetteerResolver(small, book).resolve([toponym], Document("d", text))[0]


def chosen_id(found: Resolution) -> str | None:
    return found.place.place_id if found.place else None


def test_a_choice_goes_before_what_weighing_says(small: SqliteGazetteer, book: Book) -> None:
    assert chosen_id(resolve(small, book, "A march in Paris.", "Paris")) == "t:paris"
    book.add("Paris", place(small, "t:paristx"))
    found = resolve(small, book, "A march in Paris.", "Paris")
    assert (chosen_id(found), found.confidence) == ("t:paristx", CHOSEN_SCORE)
    assert found.note.startswith("you chose this for Paris on 23 Nov 2026")
    assert [item.place.place_id for item in found.candidates] == ["t:paristx", "t:paris"]
    assert sum(item.score for item in found.candidates) == pytest.approx(1)
    book.kept = ()
    assert chosen_id(resolve(small, book, "A march in Paris.", "Paris")) == "t:paris"


@pytest.mark.parametrize(
    ("context", "place_id"),
    [
        (("Île-de-France",), "t:paris"),
        (("France",), "t:paris"),
        (("Texas",), "t:paristx"),
        (("Texas", "United States"), "t:paristx"),
        (("Nowhereland",), "t:paristx"),
    ],
)
def test_what_the_text_binds_to_the_name_wins(
    small: SqliteGazetteer, book: Book, context: tuple[str, ...], place_id: str
) -> None:
    book.add("Paris", place(small, "t:paristx"))
    assert chosen_id(resolve(small, book, "A march in Paris.", "Paris", *context)) == place_id


@pytest.mark.parametrize(
    ("chosen", "text", "name", "found"),
    [
        ("Paris", "Paris's mayor spoke.", "Paris's", "t:paristx"),
        ("Paris", "Взрыв в Париже.", "Париже", "t:paris"),
        ("Париж", "Взрыв в Париже.", "Париже", "t:paristx"),
        ("Париже", "Взрыв в Париж.", "Париж", "t:paristx"),
        ("PARIS", "A march in Paris.", "Paris", "t:paristx"),
        ("Paris", "A march in the Paris region.", "Paris", "t:paris"),
    ],
)
def test_names_in_other_forms(
    small: SqliteGazetteer, book: Book, chosen: str, text: str, name: str, found: str
) -> None:
    """The Paris of Texas has no Cyrillic name here, so a Latin choice does not reach the Cyrillic one."""
    book.add(chosen, place(small, "t:paristx"))
    assert chosen_id(resolve(small, book, text, name)) == found


def test_a_choice_reaches_the_same_place_in_another_script(small: SqliteGazetteer, book: Book) -> None:
    book.add("Artemivsk", place(small, "t:bakhmut"))
    found = resolve(small, book, "Бій під Бахмутом.", "Бахмутом")
    assert (chosen_id(found), found.candidates[0].reasons[0]) == (
        "t:bakhmut",
        "you chose this for Artemivsk on 23 Nov 2026",
    )
    assert "you chose" not in resolve(small, book, "A fight for Bakhmut.", "Bakhmut").note


def test_areas_are_chosen_apart_from_towns(small: SqliteGazetteer, book: Book) -> None:
    book.add("Kherson", place(small, "t:kherson"))
    assert chosen_id(resolve(small, book, "Shelling of the Kherson region.", "Kherson")) == "t:kh"
    book.add("Donetsk", place(small, "t:kh"), level=1)
    assert chosen_id(resolve(small, book, "Shelling of Donetsk Oblast.", "Donetsk Oblast")) == "t:kh"
    assert chosen_id(resolve(small, book, "Shelling of Donetsk.", "Donetsk")) == "t:dn"


def test_a_place_that_no_gazetteer_has_is_kept_with_the_choice(small: SqliteGazetteer, book: Book) -> None:
    book.add("Springfield", FARM)
    assert resolve(small, book, "A fire in Springfield.", "Springfield").place == FARM
    assert resolve(small, book, "A fire in Springfield.", "Springfield", "Kherson region").place == FARM
    assert chosen_id(resolve(small, book, "A fire in Springfield.", "Springfield", "France")) == "t:spring1"
    book.add("Nowheresville", FARM)
    assert resolve(small, book, "A fire in Nowheresville.", "Nowheresville").place == FARM


def test_near_a_chosen_place_is_near_it(small: SqliteGazetteer, book: Book) -> None:
    book.add("Paris", place(small, "t:paristx"))
    found = resolve(small, book, "A march near Paris.", "Paris", near=True).place
    assert found
    assert (found.place_id, found.precision) == ("t:paristx", Precision.NEAR)


@pytest.mark.parametrize(
    ("row", "place_id"),
    [
        (PlaceRow("1", "Paris"), "t:paristx"),
        (PlaceRow("1", "town near Paris"), "t:paristx"),
        (PlaceRow("1", "Paris", country="United States"), "t:paristx"),
        (PlaceRow("1", "Paris", admin1="Texas"), "t:paristx"),
        (PlaceRow("1", "Paris", country="France"), "t:paris"),
        (PlaceRow("1", "Paris", admin1="Île-de-France", country="France"), "t:paris"),
        (PlaceRow("1", "Paris, France"), "t:paris"),
        (PlaceRow("1", "Париж"), "t:paris"),
    ],
)
def test_tables_heed_choices_where_the_row_leaves_room(
    small: SqliteGazetteer, book: Book, row: PlaceRow, place_id: str
) -> None:
    book.add("Paris", place(small, "t:paristx"))
    found = next(TablePlaces(small, book).locate([row]))
    assert chosen_id(found) == place_id
    assert ("you chose this" in found.note) == (place_id == "t:paristx")
    assert found.confidence == CHOSEN_SCORE or place_id == "t:paris"


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("Shelling of Kherson.", "Kherson", ("Kherson", "kherson", 0)),
        ("Shelling of the Kherson region.", "Kherson", ("Kherson", "kherson", 1)),
        ("Shelling of Kherson Oblast.", "Kherson Oblast", ("Kherson", "kherson", 1)),
        ("Shelling of Bakhmut raion.", "Bakhmut", ("Bakhmut", "bakhmut", 2)),
    ],
)
def test_choosing_reads_what_the_words_call_the_name(
    small: SqliteGazetteer, text: str, words: str, expected: tuple[str, str, int]
) -> None:
    at = text.index(words)
    choice = choose(Span(at, at + len(words)), Document("d", text), FARM)
    assert (choice.name, choice.key, choice.level) == expected
    assert (choice.doc_id, choice.place) == ("d", FARM)


@pytest.mark.parametrize("name", ["", "  ", "!!!", "\x00"])
def test_what_is_no_name_cannot_be_chosen(name: str) -> None:
    with pytest.raises(UsageError, match="is no name"):
        choose_name(name, FARM)
