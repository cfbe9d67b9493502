"""What may leave: restricted events, and positions made less exact."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.allowed import Release, generalised, is_restricted
from geodata.credits import Credit, credits_of
from geodata.errors import UsageError
from geodata.geometry import distance_m
from geodata.model import Event, Place, Precision, Source, Span
from geodata.query import EventQuery
from geodata.settings import Settings
from geodata.store import open_store
from geodata.timespan import TimeSpan

PLACE = Place("Bakhmut", 38.0023, 48.5953, Precision.EXACT, "UA", "Donetsk", "Bakhmut raion", "geonames:712886")
EVENT = Event(
    "e1",
    "Battles",
    when=TimeSpan.day(date(2022, 11, 1)),
    place=PLACE,
    place_span=Span(0, 7),
    sources=(Source("https://www.example.org/1"), Source(publisher="Wire")),
    properties={"licence": "CC BY 4.0", "attribution": "Example Data"},
)
KEPT_BACK = replace(EVENT, event_id="e2", tags=("Restricted",))


def test_restricted_events_stay_unless_the_setting_lets_them_go(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'store.sqlite'}")
    store.save([EVENT, KEPT_BACK])
    release, query = Release(), EventQuery()
    assert [event.event_id for event in release.found(store, query)] == ["e1"]
    assert release.count(store, query) == 1
    assert len(store.restricted()) == 1
    assert release.left_out(store, query) == ("1 event whose source's terms do not allow passing on",)
    assert release.event(KEPT_BACK) is None
    assert is_restricted(KEPT_BACK)
    free = Release.of(Settings(export_restricted=True))
    assert {event.event_id for event in free.found(store, query)} == {"e1", "e2"}
    assert free.left_out(store, query) == ()
    store.close()


def test_a_rounded_place_gives_nothing_more_away() -> None:
    place = generalised(EVENT, 10).place
    assert place
    assert (place.name, place.precision, place.radius_m) == ("Bakhmut raion", Precision.NEAR, 10_000)
    assert (place.place_id, place.population, generalised(EVENT, 10).place_span) == ("", 0, None)
    assert generalised(replace(EVENT, place=replace(PLACE, lon=38.0031)), 10).place == place
    region = replace(EVENT, place=replace(PLACE, precision=Precision.REGION, radius_m=350_000))
    assert generalised(region, 10) == region
    near = generalised(replace(EVENT, place=replace(PLACE, precision=Precision.NEAR, radius_m=25_000)), 10).place
    assert near == replace(place, radius_m=33_000), "the town is not named, though the event was only near it"


def test_words_stay_where_positions_are_rounded() -> None:
    said = replace(
        EVENT, title="Clash in Bakhmut", quote="In Bakhmut.", notes=("n",), doc_id="d", properties={"a": "b"}
    )
    assert Release().event(said) == said
    for release in (Release(generalise_km=10), Release(hidden_km=10, generalise_km=10)):
        told = release.event(said)
        assert told
        assert (told.title, told.quote, told.notes, told.doc_id) == ("Battles: Bakhmut raion", "", (), "")
        assert told.properties == {}
        assert told.actors == ()
        coded = release.event(replace(said, doc_id=""))
        assert coded
        assert coded.actors == said.actors
        assert told.sources == (Source(publisher="example.org"), Source(publisher="Wire"))
    terms = Release(generalise_km=10).event(EVENT)
    assert terms
    assert terms.properties == EVENT.properties, "licence and attribution go with the event"
    assert "titles, quotes" in Release(generalise_km=10).told(0)[0]


@given(st.floats(-180, 180), st.floats(-90, 90), st.integers(1, 500))
def test_the_true_spot_is_inside_the_doubt(lon: float, lat: float, km: int) -> None:
    place = generalised(replace(EVENT, place=replace(PLACE, lon=lon, lat=lat)), km).place
    assert place
    assert distance_m(lon, lat, place.lon, place.lat) <= place.radius_m


def test_who_asks_can_have_positions_rounded_more_never_less() -> None:
    careful = Settings(generalise_km=25)
    assert [Release.of(careful, km).generalise_km for km in (0, 5, 50)] == [25, 25, 50]
    with pytest.raises(UsageError, match="1 to 500 km"):
        Release(False, 501)


def test_credits_count_sources_with_their_terms() -> None:
    found = credits_of([EVENT, KEPT_BACK, Event("e3", "Riots")])
    assert found == (
        Credit("Wire", "CC BY 4.0", "Example Data", 2),
        Credit("example.org", "CC BY 4.0", "Example Data", 2),
        Credit("source not named", "", "", 1),
    )
    assert str(found[0]) == "Wire. Example Data. CC BY 4.0 (2)"
