"""The geopy faces: the offline geocoder, and the online one against a stub in place of the network."""

import json
from pathlib import Path
from typing import Any

import pytest
from geopy.adapters import BaseSyncAdapter
from geopy.exc import GeocoderQueryError, GeocoderUnavailable
from geopy.location import Location

from geodata.errors import UsageError
from geodata.geocode import SqliteGazetteer, make_resolver
from geodata.geocode.offline import OfflineGeocoder
from geodata.geocode.online import WithOnline, as_place, make_nominatim, with_online
from geodata.geocode.resolver import GazetteerResolver
from geodata.model import Document, Precision, Span, Toponym
from geodata.settings import Settings

ANSWER = {
    "osm_type": "node",
    "osm_id": 1,
    "lat": "47.5",
    "lon": "36.1",
    "name": "Smallville",
    "display_name": "Smallville, Somewhere",
    "addresstype": "village",
    "boundingbox": ["47.49", "47.51", "36.09", "36.11"],
    "address": {"state": "Zaporizhzhia Oblast", "country_code": "ua"},
}


class StubAdapter(BaseSyncAdapter):  # type: ignore[misc]
    """Answers without a network, and remembers what was asked and by whom."""

    asked: list[str]
    agents: list[str]

    def get_json(self, url: str, *, timeout: Any, headers: dict[str, str]) -> Any:
        type(self).asked.append(url)
        type(self).agents.append(headers["User-Agent"])
        return [ANSWER] if "Smallville" in url else []

    def get_text(self, url: str, *, timeout: Any, headers: dict[str, str]) -> str:
        return json.dumps(self.get_json(url, timeout=timeout, headers=headers))


@pytest.fixture
def stub() -> type[StubAdapter]:
    StubAdapter.asked, StubAdapter.agents = [], []
    return StubAdapter


@pytest.fixture(scope="module")
def geocoder(small: SqliteGazetteer) -> OfflineGeocoder:
    return OfflineGeocoder(small)


def test_geocode_gives_latitude_first(geocoder: OfflineGeocoder) -> None:
    location = geocoder.geocode("Melitopol")
    assert isinstance(location, Location)
    assert (location.latitude, location.longitude) == (46.84735, 35.38196)
    assert location.address == "Melitopol, Zaporizhzhia Oblast, UA"
    assert (location.raw["place_id"], location.raw["lon"], location.raw["precision"]) == (
        "geonames:701404",
        35.38196,
        "exact",
    )


def test_geocode_several_or_in_a_country(geocoder: OfflineGeocoder) -> None:
    several = geocoder.geocode("Paris", exactly_one=False, limit=5)
    assert isinstance(several, list)
    assert [place.raw["country"] for place in several] == ["FR", "US"]
    assert len(geocoder.geocode("Paris", exactly_one=False, limit=1) or []) == 1
    there = geocoder.geocode("Paris", country="US")
    assert isinstance(there, Location)
    assert there.raw["country"] == "US"


@pytest.mark.parametrize("query", ["", "\x00", "Nowheresville", "x" * 10_000])
def test_geocode_finds_nothing(geocoder: OfflineGeocoder, query: str) -> None:
    assert geocoder.geocode(query) is None
    assert geocoder.geocode(query, exactly_one=False) is None


@pytest.mark.parametrize("point", [(46.85, 35.38), "46.85, 35.38"])
def test_reverse(geocoder: OfflineGeocoder, point: Any) -> None:
    location = geocoder.reverse(point)
    assert isinstance(location, Location)
    assert location.raw["name"] == "Melitopol"


def test_reverse_far_from_any_town_or_with_no_point(geocoder: OfflineGeocoder) -> None:
    assert geocoder.reverse((-40, -140)) is None
    with pytest.raises(GeocoderQueryError):
        geocoder.reverse("no point at all")
    with pytest.raises(GeocoderQueryError):
        geocoder.geocode(7)  # type: ignore[arg-type]


def test_nominatim_is_refused_without_an_address(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="DATELINE_CONTACT"):
        make_nominatim(Settings(data=tmp_path))


def test_an_unknown_online_geocoder_is_refused(resolver: GazetteerResolver, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="accepted: nominatim"):
        with_online(resolver, Settings(data=tmp_path, online_geocoder="bing"))


def test_no_online_geocoder_by_default(small: SqliteGazetteer) -> None:
    assert isinstance(make_resolver(small, Settings()), GazetteerResolver)


def test_nominatim_is_asked_once_and_only_for_what_is_missing(
    resolver: GazetteerResolver, tmp_path: Path, stub: type[StubAdapter]
) -> None:
    settings = Settings(data=tmp_path, contact="desk@example.org")
    text = "Smallville, Kyiv"
    toponyms = [Toponym(Span(0, 10), "Smallville", "Smallville"), Toponym(Span(12, 16), "Kyiv", "Kyiv")]
    for _ in range(2):
        online = WithOnline(resolver, make_nominatim(settings, stub))
        first, second = online.resolve(toponyms, Document("d", text))
    assert first.place is not None
    assert (first.place.lon, first.place.lat, first.place.country) == (36.1, 47.5, "UA")
    assert "OpenStreetMap" in first.note
    assert second.place is not None
    assert second.place.place_id == "t:kyiv"
    assert len(stub.asked) == 1
    assert "desk@example.org" in stub.agents[0]


def test_an_outage_leaves_the_name_unplaced(resolver: GazetteerResolver) -> None:
    def down(name: str) -> None:
        raise GeocoderUnavailable("no route")

    found = WithOnline(resolver, down).resolve([Toponym(Span(0, 3), "Xyz", "Xyz")], Document("d", "Xyz"))
    assert found[0].place is None
    assert "no route" in found[0].note


@pytest.mark.parametrize(("kind", "precision"), [("state", Precision.ADMIN1), ("country", Precision.COUNTRY)])
def test_areas_of_nominatim_have_a_width(kind: str, precision: Precision) -> None:
    place = as_place({**ANSWER, "addresstype": kind, "boundingbox": ["46", "48", "35", "37"]})
    assert place.precision is precision
    assert place.radius_m > 100_000
