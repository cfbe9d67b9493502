"""A geopy geocoder over the offline gazetteer: `geocode()` and `reverse()` as every geopy geocoder has them.

The only file of the gazetteer that speaks geopy's latitude-first order: points go in and `Location`s come out so.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from geopy.exc import GeocoderQueryError
from geopy.geocoders.base import DEFAULT_SENTINEL, Geocoder
from geopy.location import Location
from geopy.point import Point

from geodata.contracts import PlaceRow
from geodata.geocode.gazetteer import SqliteGazetteer
from geodata.geocode.table import TablePlaces
from geodata.model import Place

MOST_RESULTS = 50


class OfflineGeocoder(Geocoder):  # type: ignore[misc]  # geopy carries no types
    """Finds places with no request to anywhere.

        geocoder = OfflineGeocoder("data/gazetteer.sqlite")
        geocoder.geocode("Sloviansk").point        # Point(48.85, 37.6, 0.0): latitude first, as geopy has it
        geocoder.reverse((46.85, 35.38)).address   # 'Melitopol, Zaporizhzhia Oblast, UA'

    `Location.raw` holds place_id, name, lon, lat, precision, radius_m, feature, country, admin1, admin2, population.
    """

    def __init__(self, gazetteer: Path | str | SqliteGazetteer, *, timeout: Any = DEFAULT_SENTINEL) -> None:
        super().__init__(scheme="http", timeout=timeout)  # the scheme is geopy's demand; nothing is ever requested
        self._gazetteer = gazetteer if isinstance(gazetteer, SqliteGazetteer) else SqliteGazetteer(Path(gazetteer))
        self._table = TablePlaces(self._gazetteer)

    def geocode(
        self,
        query: str,
        *,
        exactly_one: bool = True,
        limit: int | None = None,
        country: str = "",
        timeout: Any = DEFAULT_SENTINEL,
    ) -> Location | list[Location] | None:
        """A place by name or phrase ("village near Bakhmut"); None where there is none.

        `country` (a name or an ISO code) admits places of that country only. With `exactly_one=False` a list of at most
        `limit` (10 where not given), the likeliest first.
        """
        if not isinstance(query, str):
            raise GeocoderQueryError(f"the query is {type(query).__name__}; accepted: text")
        found = self._places(query, country, 1 if exactly_one else min(limit or 10, MOST_RESULTS))
        return self._answer(found, exactly_one)

    def reverse(
        self,
        query: Point | Sequence[float] | str,
        *,
        exactly_one: bool = True,
        timeout: Any = DEFAULT_SENTINEL,
    ) -> Location | list[Location] | None:
        """The nearest town to a point (latitude first, as geopy's points are); None far from any."""
        try:
            point = Point(query)
        except (ValueError, TypeError) as error:
            raise GeocoderQueryError(f"{query!r} is no point; accepted: (latitude, longitude)") from error
        place = self._gazetteer.nearest(point.longitude, point.latitude)
        return self._answer([place] if place else [], exactly_one)

    def _places(self, query: str, country: str, most: int) -> list[Place]:
        resolution = next(iter(self._table.locate([PlaceRow("", query, country=country)])))
        if resolution.place is None or not resolution.candidates:  # a fallback to the country is no answer here
            return []
        others = [c.place for c in resolution.candidates if c.place.place_id != resolution.place.place_id]
        return [resolution.place, *others][:most]

    def _answer(self, places: list[Place], exactly_one: bool) -> Location | list[Location] | None:
        if not places:
            return None
        found = [as_location(place) for place in places]
        return found[0] if exactly_one else found


def as_location(place: Place) -> Location:
    """A place as geopy's Location: here longitude and latitude change sides."""
    address = ", ".join(dict.fromkeys(part for part in (place.name, place.admin1, place.country) if part))
    names = ("place_id", "name", "lon", "lat", "radius_m", "feature", "country", "admin1", "admin2", "population")
    raw = {name: getattr(place, name) for name in names}
    return Location(address, Point(place.lat, place.lon), {**raw, "precision": place.precision.value})
