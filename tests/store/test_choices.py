"""Choices of places: kept with their history, replaced, taken out and taken back, by many at once."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from geodata.contracts import EventStore
from geodata.errors import NotFound
from geodata.model import Event, Place, PlaceChoice, Precision
from geodata.store import open_store
from tests.stores import ask

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
KYIV = Place("Bucha", 30.23, 50.55, country="UA", admin1="Kyiv Oblast", admin2="Bucha Raion", place_id="g:711369",
             feature="P.PPL", population=37_321)  # fmt: skip
TERNOPIL = Place("Bucha", 25.9, 49.1, country="UA", admin1="Ternopil Oblast")
REGION = Place("Kherson Oblast", 33.4, 46.7, Precision.ADMIN1, "UA", radius_m=117_000)
BUCHA = PlaceChoice("Bucha", "bucha", KYIV, NOON, doc_id="story")
KHERSON = PlaceChoice("Kherson", "kherson", REGION, NOON - timedelta(days=1), level=1)


def test_kept_exactly_and_listed_latest_first(store: EventStore) -> None:
    assert store.choices.remember([KHERSON, BUCHA]) == [KHERSON, BUCHA]
    assert store.choices.known() == (BUCHA, KHERSON)
    assert store.choices.get(BUCHA.choice_id) == BUCHA


def test_an_instant_is_kept_in_utc(store: EventStore) -> None:
    east = replace(BUCHA, chosen_at=datetime(2026, 11, 23, 14, tzinfo=timezone(timedelta(hours=2))))
    store.choices.remember([east])
    assert store.choices.known()[0].chosen_at == NOON
    assert store.choices.known()[0].chosen_at.utcoffset() == timedelta()


def test_one_name_has_one_meaning_and_an_area_is_another_name(store: EventStore) -> None:
    other, area = replace(BUCHA, place=TERNOPIL), replace(BUCHA, level=2, place=REGION)
    store.choices.remember([BUCHA])
    assert store.choices.remember([replace(BUCHA, chosen_at=NOON + timedelta(1))]) == []
    assert store.choices.known() == (BUCHA,)
    assert store.choices.remember([other, area]) == [other, area]
    assert set(store.choices.known()) == {other, area}


def test_forgotten_and_taken_back(store: EventStore) -> None:
    store.choices.remember([BUCHA])
    assert store.choices.forget(BUCHA.choice_id) == BUCHA
    assert store.choices.known() == ()
    assert store.choices.undo(BUCHA.choice_id) == BUCHA
    assert store.choices.known() == (BUCHA,)
    assert store.choices.undo(BUCHA.choice_id) is None  # taking back is a change too
    assert store.choices.known() == ()


def test_a_new_meaning_taken_back_is_the_old_one(store: EventStore) -> None:
    store.choices.remember([BUCHA])
    store.choices.remember([replace(BUCHA, place=TERNOPIL)])
    assert store.choices.undo(BUCHA.choice_id) == BUCHA
    assert store.choices.undo(BUCHA.choice_id) == replace(BUCHA, place=TERNOPIL)


@pytest.mark.parametrize("ask", ["get", "forget", "undo"])
def test_what_is_not_there_is_said(store: EventStore, ask: str) -> None:
    with pytest.raises(NotFound, match=r"choice with the id 'nonesuch'|change of a choice"):
        getattr(store.choices, ask)("nonesuch")


def test_the_same_object_until_a_choice_changes(store: EventStore) -> None:
    store.choices.remember([BUCHA])
    before = store.choices.known()
    store.save([Event("e", "Battles")])
    assert store.choices.known() is before
    store.choices.remember([KHERSON])
    assert store.choices.known() is not before


def test_another_process_sees_it_at_once(store: EventStore, url: str) -> None:
    assert store.choices.known() == ()
    other = open_store(url)
    other.choices.remember([BUCHA])
    assert store.choices.known() == (BUCHA,)
    other.choices.forget(BUCHA.choice_id)
    assert store.choices.known() == ()
    other.close()


def test_history_says_what_was_and_when(store: EventStore, url: str) -> None:
    store.choices.remember([BUCHA])
    store.choices.remember([replace(BUCHA, place=TERNOPIL)])
    store.choices.forget(BUCHA.choice_id)
    rows = ask(url, "SELECT action, before, changed_at FROM history WHERE kind = 'choice' ORDER BY history_id")
    assert [row[0] for row in rows] == ["added", "changed", "removed"]
    assert rows[0][1] is None
    assert "Kyiv Oblast" in rows[1][1]
    assert "Ternopil Oblast" in rows[2][1]
    assert all(datetime.fromisoformat(row[2]).utcoffset() == timedelta() for row in rows)


def test_many_choose_at_once_and_each_word_is_kept(store: EventStore, url: str) -> None:
    failures: list[BaseException] = []

    def work(number: int) -> None:
        try:
            mine = open_store(url)
            for turn in range(5):
                place = replace(KYIV, name=f"Bucha {number}.{turn}")
                mine.choices.remember([replace(BUCHA, place=place), replace(BUCHA, key=f"own {number}", place=place)])
                mine.choices.known()
            mine.close()
        except BaseException as error:  # noqa: BLE001  # handed to the test's own thread
            failures.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    known = store.choices.known()
    assert len(known) == 5
    counted = ask(url, "SELECT count(*), count(DISTINCT version) FROM history WHERE kind = 'choice'")
    assert counted == [(40, 20)]
