"""Makes the offline basemap of the world: `python tools/build_basemap.py --out data/basemap.pmtiles`.

Beside it lies outlines.npz: land, borders and names, coarser, for the pictures that the server draws itself.

Does nothing where the file is there and was made from the same inputs. Writes beside it and moves it into place at the
end, so that a build that is cut short leaves the old file.
"""

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from basemap.towns import Town

TOOLS = Path(__file__).resolve().parent
ROOT = TOOLS.parent
COMMON = (ROOT / "requirements-data.txt", ROOT / "package-lock.json")
SPELLING = ROOT / "geodata" / "geocode"
SPELLING_TABLES = ("area_names", "country_names", "town_spellings")
sys.path.insert(0, str(ROOT))  # the gazetteer's spellings are the map's


def main() -> int:
    parser = argparse.ArgumentParser(description="Make the offline basemap of the world, as one PMTiles file.")
    parser.add_argument("--out", type=Path, default=ROOT / "data" / "basemap.pmtiles")
    parser.add_argument("--force", action="store_true", help="make it anew even where it is up to date")
    given = parser.parse_args()
    stamp = given.out.with_suffix(".made.json")
    outlines = given.out.with_name("outlines.npz")
    wanted = {"inputs": inputs_digest(), "outlines": digest_of([*COMMON, TOOLS / "basemap" / "outlines.py"])}
    held = stamps_of(stamp)
    to_do = {
        "inputs": given.force or not given.out.is_file() or held.get("inputs") != wanted["inputs"],
        "outlines": given.force or not outlines.is_file() or held.get("outlines") != wanted["outlines"],
    }
    if not any(to_do.values()):
        return 0
    begun = time.monotonic()
    print("==> Basemap of the world (about a minute)", flush=True)
    try:
        given.out.parent.mkdir(parents=True, exist_ok=True)
        build(given.out if to_do["inputs"] else None, outlines if to_do["outlines"] else None)
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"the basemap could not be made: {error}", file=sys.stderr)
        return 1
    stamp.write_text(json.dumps(wanted) + "\n", encoding="utf-8")
    print(f"    {given.out}: {given.out.stat().st_size / 1e6:.1f} MB in {time.monotonic() - begun:.0f} s", flush=True)
    return 0


def inputs_digest() -> str:
    """What the map is made from: the locks name the packages' very bytes, so those need not be read."""
    files = [*COMMON, Path(__file__), *sorted((TOOLS / "facts").glob("*.csv"))]
    files += [path for path in sorted((TOOLS / "basemap").glob("*.py")) if path.name != "outlines.py"]
    files += [SPELLING / "readers" / "spelling.py", *(SPELLING / "facts" / f"{name}.csv" for name in SPELLING_TABLES)]
    return digest_of(files)


def digest_of(files: Iterable[Path]) -> str:
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()


def stamps_of(path: Path) -> dict[str, str]:
    """What each file was made from; nothing where that is not known."""
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return {}


def build(tiled: Path | None, outlined: Path | None) -> None:
    """Write what is asked for, to these paths."""
    # Imported here: an up-to-date map is found so without loading shapely.
    from basemap import outlines, towns

    found = towns.towns()
    if outlined:
        begun = time.monotonic()
        size = outlines.write(outlined, found)
        print(f"    outlines: {size / 1e6:.1f} MB, {time.monotonic() - begun:.1f} s", flush=True)
    if tiled:
        build_tiles(tiled, found)


def build_tiles(out: Path, found: "Sequence[Town]") -> None:
    """Write each layer's features, then tile them all."""
    from basemap import labels, shapes, tiles, towns

    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".basemap-") as folder:
        layers = {
            "land": shapes.land(),
            "lakes": shapes.lakes(),
            "rivers": shapes.rivers(),
            "region_lines": shapes.region_lines(),
            "borders": shapes.border_lines(),
            "countries": labels.country_labels(),
            "regions": labels.region_labels(found),
            "waters": labels.water_labels(),
            "towns": towns.town_labels(found),
        }
        files = {}
        for name, features in layers.items():
            begun = time.monotonic()
            files[name] = Path(folder) / f"{name}.geojsonl"
            count = tiles.write_lines(files[name], features)
            print(f"    {name.replace('_', ' ')}: {count:,} features, {time.monotonic() - begun:.1f} s", flush=True)
        print("    tiles ...", flush=True)
        made = Path(folder) / "basemap.pmtiles"
        tiles.tile(files, made)
        made.replace(out)


if __name__ == "__main__":
    sys.exit(main())
