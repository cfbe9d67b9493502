"""The modules of a page as one script, so that a browser fetches, checks and parses one file in place of eighty.

Each module took a browser's processes about 3 ms, even out of its own cache: a quarter of a second before the map could
begin. The text of every module stays as it is, in a function of its own, which hands out what it exports; the modules
by themselves are served as before. Nothing is installed for this: our scripts import names by relative addresses and
export what they declare. Whatever else a module says with these words is refused, by a test of every bundle and not in
a person's browser.
"""

import re
from pathlib import Path, PurePosixPath

from mapping.modules import resolved

BUNDLES = {
    "js/map.bundle.js": ("js/theme.js", "js/duplicates-count.js", "js/map.js"),
    "js/embed.bundle.js": ("js/embed.js",),
}
"""By the address of a bundle below `static`, what it runs in order; it exports what the last one does."""
_MAP_SHEETS = ("vendor/leaflet/leaflet.css", "css/base.css", "css/map.css")
SHEETS = {
    "css/map.bundle.css": (*_MAP_SHEETS, "css/filters.css", "css/layers.css", "css/time.css", "css/charts.css"),
    "css/embed.bundle.css": (*_MAP_SHEETS, "css/layers.css", "css/time.css", "css/embed.css"),
}
"""The same for style sheets: each took the browser's processes as long as a module."""
_IMPORT = re.compile(r'^import (?:\{ ([\w$, ]+) \} from )?"(\.{1,2}/[^"]+\.js)";', re.MULTILINE)
_URL = re.compile(r"""url\((?!["']?(?:data:|#|[a-z]+:|/))["']?([^"')]+)["']?\)""")
_EXPORT = re.compile(r"^export (?=(?:async )?function\*? ([\w$]+)|const ([\w$]+)|class ([\w$]+))", re.MULTILINE)
_LEFT = re.compile(r"^\s*(?:import\b(?!\s*\()|export\b).*|\bimport\.meta\b|\bimport\(|^await\b", re.MULTILINE)


class CannotBundle(ValueError):
    """A module says something that the bundle has no way to say."""


def bundle_of(folder: Path, entries: tuple[str, ...]) -> str:
    """One module script of `entries` and all that they import; each module runs once, after what it imports."""
    numbers: dict[str, int] = {}
    parts = [part for entry in entries for part in _parts(folder, entry, numbers, ())]
    last = entries[-1]
    names = exports(_text(folder, last))
    parts += [f"export const {{ {', '.join(names)} }} = ${numbers[last]};\n"] if names else []
    return "".join(parts)


def sheet_of(folder: Path, name: str) -> str:
    """One style sheet of those that `SHEETS` has under this name, their relative addresses seen from its place."""
    up = "../" * (len(PurePosixPath(name).parts) - 1)
    return "\n".join(_moved(_text(folder, sheet), PurePosixPath(sheet).parent, up) for sheet in SHEETS[name])


def _moved(text: str, place: PurePosixPath, up: str) -> str:
    return _URL.sub(lambda found: f"url({up}{resolved(place, found[1])})", text)


def exports(text: str) -> list[str]:
    """The names that a module exports, in order."""
    return ["".join(found.groups(default="")) for found in _EXPORT.finditer(text)]


def _parts(folder: Path, name: str, numbers: dict[str, int], above: tuple[str, ...]) -> list[str]:
    """The module as a function that has run, behind those that it imports and that are not there yet."""
    if name in above:
        raise CannotBundle(f"modules import each other: {' -> '.join([*above, name])}")
    if name in numbers:
        return []
    text = _text(folder, name)
    imported = [resolved(PurePosixPath(name).parent, found[2]) for found in _IMPORT.finditer(text)]
    parts = [part for other in imported for part in _parts(folder, other, numbers, (*above, name))]

    def taken(found: re.Match[str]) -> str:
        number = numbers[resolved(PurePosixPath(name).parent, found[2])]
        return f"const {{ {found[1].replace(' as ', ': ')} }} = ${number};" if found[1] else ""

    body = _EXPORT.sub("", _IMPORT.sub(taken, text))
    if left := _LEFT.search(body):
        raise CannotBundle(f"{name}: {left[0].strip()}")
    numbers[name] = len(numbers)
    head = f"\n// {name}\nconst ${numbers[name]} = (() => {{\n"
    return [*parts, f"{head}{body}\nreturn {{ {', '.join(exports(text))} }};\n}})();\n"]


def _text(folder: Path, name: str) -> str:
    try:
        return (folder / name).read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise CannotBundle(f"{name} is wanted and is not there") from error
