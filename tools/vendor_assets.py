"""Copies what the pages load from node_modules to static/vendor: a short list, each with its licence.

Source map lines are dropped (the browser would ask for files that are not there), and a style sheet that names another
host stops the copy: the pages load nothing from elsewhere.
"""

import json
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "static" / "vendor"
SUBSETS = ("latin", "latin-ext", "cyrillic", "cyrillic-ext", "greek", "vietnamese")

ASSETS: dict[str, dict[str, str]] = {
    "leaflet": {
        "dist/leaflet.js": "leaflet/leaflet.js",
        "dist/leaflet.css": "leaflet/leaflet.css",
        "dist/images/layers.png": "leaflet/images/layers.png",
        "dist/images/layers-2x.png": "leaflet/images/layers-2x.png",
        "dist/images/marker-icon.png": "leaflet/images/marker-icon.png",
        "dist/images/marker-icon-2x.png": "leaflet/images/marker-icon-2x.png",
        "dist/images/marker-shadow.png": "leaflet/images/marker-shadow.png",
    },
    "protomaps-leaflet": {"dist/protomaps-leaflet.js": "protomaps-leaflet/protomaps-leaflet.js"},
    "@fontsource-variable/inter": {
        f"files/inter-{name}-wght-{slant}.woff2": f"inter/inter-{name}-wght-{slant}.woff2"
        for name in SUBSETS
        for slant in ("normal", "italic")
    },
}
"""Package -> file in it -> file in static/vendor. The folder there is the first part of the path."""

_SOURCE_MAP = re.compile(r"^\s*(//[#@] ?sourceMappingURL=.*|/\*[#@] ?sourceMappingURL=.*?\*/)\s*$", re.MULTILINE)
_FOREIGN = re.compile(r"""(?:url\(\s*["']?|@import\s+["'])\s*((?:https?:)?//[^"')\s]+)""", re.IGNORECASE)


def main() -> int:
    """Fill static/vendor afresh; exit status 1 where a package or a file of it is missing."""
    made = VENDOR.with_name("vendor.new")
    shutil.rmtree(made, ignore_errors=True)
    try:
        for package, files in ASSETS.items():
            for source, target in files.items():
                _copy(MODULES / package / source, made / target)
            folder = next(iter(files.values())).split("/")[0]
            (made / folder / "LICENSES.txt").write_text(licences(package), encoding="utf-8")
    except (OSError, ValueError) as error:
        print(f"front-end assets: {error}", file=sys.stderr)
        return 1
    shutil.rmtree(VENDOR, ignore_errors=True)
    made.rename(VENDOR)
    count = sum(1 for path in VENDOR.rglob("*") if path.is_file())
    print(f"    {count} files, {sum(p.stat().st_size for p in VENDOR.rglob('*') if p.is_file()) / 1e6:.1f} MB")
    return 0


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.suffix in {".js", ".css"}:
        target.write_text(cleaned(source.read_text(encoding="utf-8"), source), encoding="utf-8")
    else:
        shutil.copyfile(source, target)


def cleaned(text: str, source: Path) -> str:
    """`text` without source map lines; ValueError where a style sheet loads something from another host."""
    foreign = _FOREIGN.findall(text) if source.suffix == ".css" else []
    if foreign:
        raise ValueError(f"{source.name} loads {foreign[0]} from another host")
    return _SOURCE_MAP.sub("", text)


def licences(package: str) -> str:
    """Licence texts of `package` and of everything that its bundle contains."""
    parts = []
    for name in sorted(_closure(package)):
        folder = MODULES / name
        about = json.loads((folder / "package.json").read_text(encoding="utf-8"))
        texts = [path.read_text(encoding="utf-8").strip() for path in sorted(folder.glob("LICEN[SC]E*"))]
        parts.append("\n\n".join([f"{name} {about['version']} ({about.get('license', 'see text')})", *texts]))
    return ("\n\n" + "-" * 78 + "\n\n").join(parts) + "\n"


def _closure(package: str) -> set[str]:
    """`package` and the packages that it needs at run time; those with types alone hold no code."""
    found: set[str] = set()
    waiting = [package]
    while waiting:
        name = waiting.pop()
        if name in found or not (MODULES / name / "package.json").is_file():
            continue
        found.add(name)
        waiting += _needs(name)
    return found


def _needs(name: str) -> Iterator[str]:
    about = json.loads((MODULES / name / "package.json").read_text(encoding="utf-8"))
    return (other for other in about.get("dependencies", {}) if not other.startswith("@types/"))


if __name__ == "__main__":
    sys.exit(main())
