"""GeoJSON lines -> PMTiles, by tippecanoe."""

import json
import subprocess
import sysconfig
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import shapely

from basemap import sources

Feature = str
"""One GeoJSON feature on one line, as tippecanoe reads it."""

MAX_ZOOM = 8
"""Deepest zoom that has tiles; the browser enlarges them beyond. At 4096 units a tile that is 38 m at the equator."""
CREDIT = "Natural Earth; places: GeoNames (CC BY 4.0)"


def feature(shape: Any, properties: Mapping[str, Any], minzoom: int = 0, maxzoom: int = MAX_ZOOM) -> Feature:
    """One line of GeoJSON; `minzoom` and `maxzoom` are the first and the last tile zoom that hold it."""
    zooms = [f'"minzoom":{min(minzoom, MAX_ZOOM)}'] if minzoom else []
    zooms += [f'"maxzoom":{maxzoom}'] if maxzoom < MAX_ZOOM else []
    rule = f'"tippecanoe":{{{",".join(zooms)}}},' if zooms else ""
    spot = f"[{shape.x:.5f},{shape.y:.5f}]" if isinstance(shape, shapely.Point) else ""  # much the commonest
    geometry = f'{{"type":"Point","coordinates":{spot}}}' if spot else shapely.to_geojson(shape)
    words = json.dumps(properties, ensure_ascii=False, separators=(",", ":"))
    return f'{{"type":"Feature",{rule}"properties":{words},"geometry":{geometry}}}'


def write_lines(path: Path, features: Iterable[Feature]) -> int:
    """How many features were written."""
    count = 0
    with path.open("w", encoding="utf-8") as out:
        for count, line in enumerate(features, start=1):  # noqa: B007
            out.write(line + "\n")
    return count


def program() -> str:
    """tippecanoe's path: beside Python's other commands, or in its package."""
    places = [Path(sysconfig.get_path("scripts")), sources.package("tippecanoe") / "bin"]
    for place in places:
        if (place / "tippecanoe").is_file():
            return str(place / "tippecanoe")
    raise FileNotFoundError("tippecanoe is not installed; `make setup` installs it")


def tile(layers: Mapping[str, Path], out: Path) -> None:
    """Make `out` (.pmtiles) of one file a layer. CalledProcessError where tippecanoe fails; it says why on stderr."""
    command = [
        program(),
        f"--output={out}",
        "--force",
        "--quiet",
        "--minimum-zoom=0",
        f"--maximum-zoom={MAX_ZOOM}",
        "--projection=EPSG:4326",
        "--drop-rate=1",  # points are thinned by us, evenly, not at random
        "--no-feature-limit",
        "--no-tile-size-limit",
        "--no-tiny-polygon-reduction-at-maximum-zoom",
        "--simplification=3",
        "--buffer=16",
        "--read-parallel",
        "--name=Dateline basemap",
        f"--attribution={CREDIT}",
        *(f"--named-layer={name}:{path}" for name, path in layers.items()),
    ]
    subprocess.run(command, check=True)
