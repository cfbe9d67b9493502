"""Holds the import picture of ARCHITECTURE.md: a file may import only from the floors below its own."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FLOORS = [
    {"errors"},
    {"timespan", "geometry", "settings", "once", "quick", "learned"},
    {"model", "shapes"},
    {"query", "answers", "looks", "credits", "tokens"},
    {"contracts"},
    {"index", "event_types", "features", "taxonomy", "duplicates", "allowed"},
    {"sources", "extract", "geocode", "store", "export", "pipeline", "mapping"},
    {"workspace"},
    {"jobs", "webhooks"},
    {"app"},
    {"cli"},
]
FLOOR_OF = {name: height for height, names in enumerate(FLOORS) for name in names}
WEB = {"flask", "folium", "branca", "waitress"}


def part_of(module: str) -> str:
    """The name in FLOORS that a dotted module belongs to: geodata.store.sql -> store, mapping.views.map -> mapping."""
    names = module.split(".")
    return names[1] if names[0] == "geodata" and len(names) > 1 else names[0]


def imports(path: Path) -> list[str]:
    found: list[str] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found += [f"geodata.{alias.name}" for alias in node.names] if node.module == "geodata" else [node.module]
    return found


SOURCES = sorted([ROOT / "app.py", *(ROOT / "geodata").rglob("*.py"), *(ROOT / "mapping").rglob("*.py")])


@pytest.mark.parametrize("path", [p for p in SOURCES if p.exists()], ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_go_down(path: Path) -> None:
    names = path.relative_to(ROOT).with_suffix("").parts
    if names in {("geodata", "__init__"), ("geodata", "__main__")}:
        return
    mine = part_of(".".join(names))
    assert mine in FLOOR_OF, f"{path.name} is on no floor: add it to FLOORS and ARCHITECTURE.md"
    for module in imports(path):
        top = module.split(".")[0]
        if names[0] == "geodata":
            assert top not in WEB, f"geodata must not import {module}"
        if top not in {"geodata", "mapping", "app"}:
            continue
        other = part_of(module)
        assert other == mine or FLOOR_OF[other] < FLOOR_OF[mine], f"{path.name} ({mine}) imports {module} ({other})"


def test_app_is_only_the_composition_root() -> None:
    assert len((ROOT / "app.py").read_text(encoding="utf-8").splitlines()) <= 120


def test_folium_maps_are_made_in_one_place() -> None:
    makers = [p.name for p in SOURCES if p.exists() and any(name.split(".")[0] == "folium" for name in imports(p))]
    assert set(makers) <= {"folium_map.py", "event_layer.py", "basemap_layer.py"}


def test_architecture_md_names_every_part() -> None:
    page = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    table = page[page.index("| floor |") : page.index("All but `mapping/`")].splitlines()[2:]
    for height, names in enumerate(FLOORS):
        row = next(line for line in table if line.startswith(f"| {height} |"))
        assert all(f"`{name}.py`" in row or f"`{name}/`" in row for name in names), row
