"""The outlines that set-up writes for pictures: what one side writes is what the other draws from."""

import sys
from pathlib import Path

import numpy as np
import pytest
import shapely

from geodata.geometry import BBox
from mapping.preview.outlines import OutlineFile, Outlines

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tools"))

from basemap import outlines, shapes, sources  # noqa: E402
from basemap.towns import Town  # noqa: E402

WORLD = BBox(-180, -90, 180, 90)


def square(west: float, south: float, east: float, north: float) -> tuple[tuple[float, float], ...]:
    """A ring that goes round as ESRI's outer rings do, clockwise."""
    return ((west, south), (west, north), (east, north), (east, south), (west, south))


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of two neighbours, the western with an inland sea, and of an islet."""
    west = (square(0, 0, 10, 10), square(4, 4, 6, 6)[::-1])
    countries = [
        sources.Country("AA", "Alpha", "", (2.0, 2.0), 2.0, 9.0, 1, west),
        sources.Country("BB", "Beta", "", (15.0, 5.0), 3.0, 9.0, 1, (square(10, 0, 20, 10),)),
        sources.Country("-99", "A reef", "", (30.0, 5.0), 3.0, 9.0, 1, (square(30, 5, 30.05, 5.05),)),
    ]
    monkeypatch.setattr(sources, "countries", lambda: tuple(countries))
    monkeypatch.setattr(sources, "natural_earth", lambda layer: iter([(square(12, 2, 14, 4),)]))
    out = tmp_path / "outlines.npz"
    towns = [Town("Bigtown", 5.0, 1.0, 90_000, "AA.01", True), Town("Smalltown", 15.0, 1.0, 900, "BB.01", False)]
    assert outlines.write(out, towns) == out.stat().st_size
    return out


def test_land_is_one_with_its_inland_sea_a_hole(path: Path) -> None:
    found = Outlines(path)
    for zoom in (2, 7):
        land = found.rings("land", WORLD, zoom)
        solids = [shapely.Polygon(points) for points, _ in land]
        assert [round(solid.area) for solid in solids][:2] == [200, 4]
        assert [hole for _, hole in land][:2] == [False, True]
    assert len(found.rings("land", WORLD, 2)) == 2  # the islet is left out when far
    assert len(found.rings("land", WORLD, 7)) == 3
    assert [round(shapely.Polygon(points).area) for points, _ in found.rings("lakes", WORLD, 7)] == [4]


def test_neighbours_share_a_border_and_coasts_are_none(path: Path) -> None:
    lines = list(Outlines(path).borders(WORLD, 7))
    assert len(lines) == 1
    assert set(map(tuple, lines[0].tolist())) >= {(10.0, 0.0), (10.0, 10.0)}
    assert np.ptp(lines[0][:, 0]) == 0


def test_what_lies_outside_the_box_is_cut_off(path: Path) -> None:
    found = Outlines(path)
    points, hole = found.rings("land", BBox(8, 8, 12, 12), 7)[0]
    assert not hole
    assert shapely.bounds(shapely.Polygon(points)).tolist() == [8, 8, 12, 10]
    assert not found.rings("land", BBox(-50, -50, -40, -40), 7)
    assert [line.tolist() for line in found.borders(BBox(0, 0, 20, 5), 7)] == [[[10, 0], [10, 5]]]


def test_names_are_kept_but_for_what_has_no_code(path: Path) -> None:
    found = Outlines(path)
    assert found.countries.names == ["Alpha", "Beta"]
    assert found.towns.names == ["Bigtown", "Smalltown"]
    assert found.towns.weight.tolist() == [90_000, 900]


def test_a_new_file_is_read_again(path: Path) -> None:
    file = OutlineFile(path)
    first = file.get()
    assert first is file.get()
    path.write_bytes(path.read_bytes() + b" ")  # another size, the same arrays
    assert file.get() is not first


def test_segments_go_one_way() -> None:
    assert list(shapes.segments(((1.0, 0.0), (0.0, 0.0), (0.0, 0.0)))) == [((0.0, 0.0), (1.0, 0.0))]
