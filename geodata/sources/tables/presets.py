"""Mappings kept under names in the data folder, and applied to tables that have the very same columns.

A preset is one JSON file in `presets/`: its name, the columns of the table that it was made for, and the mapping.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from geodata.contracts.tables import ColumnMapping
from geodata.errors import NotFound, UsageError, shown

FOLDER = "presets"
MOST_NAME_CHARS = 100


@dataclass(frozen=True, slots=True)
class Preset:
    """A mapping under a name; `columns` are those of the table that it was made for."""

    name: str
    columns: tuple[str, ...]
    mapping: ColumnMapping

    def fits(self, columns: Sequence[str]) -> bool:
        """Whether a table has these columns and no others, in any order."""
        return sorted(self.columns) == sorted(columns)


class PresetBook:
    """The presets of one data folder."""

    def __init__(self, data: Path) -> None:
        self._folder = data / FOLDER

    def list(self) -> Sequence[Preset]:
        """By name. UsageError names a file that is none."""
        files = sorted(self._folder.glob("*.json")) if self._folder.is_dir() else []
        return sorted((_read(file) for file in files), key=lambda preset: preset.name.casefold())

    def get(self, name: str) -> Preset:
        """NotFound names those there are."""
        place = self._place(name)
        if not place.exists():
            known = ", ".join(shown(preset.name) for preset in self.list()) or "none is kept"
            raise NotFound(f"no preset is called {shown(name)}; known: {known}")
        return _read(place)

    def save(self, name: str, columns: Sequence[str], mapping: ColumnMapping) -> Preset:
        """Keeps a mapping under a name, in place of one that had it; without the sheet, which is a file's own."""
        name = " ".join(name.split())
        if not name or len(name) > MOST_NAME_CHARS:
            raise UsageError(f"a preset's name has 1 to {MOST_NAME_CHARS} characters, not {len(name)}")
        preset = Preset(name, tuple(columns), replace(mapping, sheet=""))
        text = json.dumps(
            {"name": name, "columns": preset.columns, "mapping": json.loads(preset.mapping.to_json())},
            ensure_ascii=False,
            indent=1,
        )
        self._folder.mkdir(parents=True, exist_ok=True)
        place = self._place(name)
        part = place.with_suffix(".part")
        part.write_text(text, encoding="utf-8")
        part.replace(place)
        return preset

    def remove(self, name: str) -> None:
        """NotFound where there is none."""
        self.get(name)
        self._place(name).unlink()

    def matching(self, columns: Sequence[str]) -> Preset | None:
        """The preset for a table with these columns; None where there is none, or several disagree."""
        found = [preset for preset in self.list() if preset.fits(columns)]
        return found[0] if found and all(each.mapping == found[0].mapping for each in found) else None

    def _place(self, name: str) -> Path:
        """Any name gives a file's name that every system allows; two names never the same."""
        name = " ".join(name.split())
        plain = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in name.casefold())[:40]
        return self._folder / f"{plain}-{hashlib.sha256(name.encode()).hexdigest()[:8]}.json"


def _read(place: Path) -> Preset:
    try:
        found = json.loads(place.read_text(encoding="utf-8"))
        columns = tuple(str(name) for name in found["columns"])
        return Preset(str(found["name"]), columns, ColumnMapping.from_dict(found["mapping"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(f"the preset {place.name} cannot be read ({error}); remove the file") from error
