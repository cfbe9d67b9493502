"""The modules of a page, read out of its scripts."""

from pathlib import Path

import pytest

from mapping.modules import modules_of

STATIC = Path(__file__).parents[2] / "static"


def test_imports_are_followed_once_and_relative_to_their_module(tmp_path: Path) -> None:
    scripts = {
        "js/a.js": 'import { b } from "./b.js";\nimport {\n  c,\n} from "./deep/c.js";\n// import "./not.js"\n',
        "js/b.js": 'export { c } from "./deep/c.js";\nconst late = () => import("./late.js");\n',
        "js/deep/c.js": 'import "../b.js";\nimport "./gone.js";\n',
        "js/late.js": "",
        "js/not.js": "",
    }
    for name, text in scripts.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    assert modules_of(tmp_path, "js/a.js", "1") == ("js/a.js", "js/b.js", "js/deep/c.js")


@pytest.mark.parametrize("entry", ["js/map.js", "js/embed.js"])
def test_a_page_asks_for_files_that_there_are(entry: str) -> None:
    found = modules_of(STATIC, entry, "now")
    assert found[0] == entry
    assert {"js/layers/event_layer.js", "js/timeline-ticks.js"} <= set(found)
    assert all((STATIC / name).is_file() for name in found)
