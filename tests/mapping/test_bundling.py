"""A page's modules as one script."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from mapping.bundling import BUNDLES, SHEETS, CannotBundle, bundle_of, sheet_of

STATIC = Path(__file__).parents[2] / "static"
SCRIPTS = {
    "js/page.js": 'import "./first.js";\nimport { twice as double } from "./deep/sum.js";\n'
    "const EACH = 21; // another module has this name too\nexport const whole = double(EACH);\n",
    "js/first.js": 'import { log } from "./deep/log.js";\nlog.push("first");\n',
    "js/deep/sum.js": 'import { log } from "./log.js";\nconst EACH = 2;\nlog.push("sum");\n'
    "export function twice(value) {\n  return EACH * value;\n}\nexport async function* never() {}\n",
    "js/deep/log.js": 'export const log = ["log"];\nexport class Unused {}\n',
    "js/last.js": 'import { whole } from "./page.js";\nimport { log } from "./deep/log.js";\n'
    'export const said = `${whole} ${log.join(" ")}`;\n',
}


def write(folder: Path, scripts: dict[str, str]) -> Path:
    for name, text in scripts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


@pytest.mark.skipif(not shutil.which("node"), reason="node runs the bundle")
def test_a_bundle_runs_each_module_once_after_what_it_imports(tmp_path: Path) -> None:
    bundle = tmp_path / "all.mjs"
    bundle.write_text(bundle_of(write(tmp_path, SCRIPTS), ("js/page.js", "js/last.js")) + "console.log(said);")
    said = subprocess.run(["node", str(bundle)], capture_output=True, text=True, check=True, timeout=30)
    assert said.stdout == "42 log first sum\n"


def test_a_bundle_exports_what_the_last_module_does(tmp_path: Path) -> None:
    bundle = bundle_of(write(tmp_path, SCRIPTS), ("js/page.js", "js/deep/sum.js"))
    assert re.findall("^export .*", bundle, re.MULTILINE) == ["export const { twice, never } = $2;"]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ('import * as all from "./first.js";', "import"),
        ('import {\n  log,\n} from "./deep/log.js";', "import {"),
        ('export { log } from "./deep/log.js";', "export { log }"),
        ("export default 1;", "export default 1;"),
        ("export let moving = 1;", "export let moving"),
        ('const late = () => import("./first.js");', "import("),
        ("const here = import.meta.url;", "import.meta"),
        ("await null;", "await"),
        ('import { a } from "./gone.js";', "js/gone.js is wanted and is not there"),
        ('import { said } from "./last.js";', "js/last.js -> js/page.js -> js/last.js"),
    ],
)
def test_what_a_bundle_cannot_say_is_refused(tmp_path: Path, said: str, told: str) -> None:
    write(tmp_path, {**SCRIPTS, "js/page.js": f"{said}\nexport const whole = 1;\n"})
    with pytest.raises(CannotBundle, match=re.escape(told)):
        bundle_of(tmp_path, ("js/last.js",))


@pytest.mark.parametrize("name", BUNDLES)
def test_the_pages_scripts_can_be_bundled(name: str) -> None:
    bundle = bundle_of(STATIC, BUNDLES[name])
    assert bundle.endswith("export const { eventLayer } = $" + bundle.rsplit("$", 1)[1])
    assert bundle.count("\n// js/theme.js\n") == 1
    assert {"js/layers/event_layer.js", "js/timeline-ticks.js"} <= set(re.findall("^// (js/.*)", bundle, re.MULTILINE))


@pytest.mark.parametrize("name", SHEETS)
def test_a_sheets_addresses_hold_from_its_place(name: str) -> None:
    sheet = sheet_of(STATIC, name)
    found = set(re.findall(r"url\(([^)#]+)\)", sheet))
    assert "../vendor/inter/inter-latin-wght-normal.woff2" in found
    assert all((STATIC / name).parent.joinpath(address).resolve().is_file() for address in found)
    assert sheet.index(".leaflet-pane") < sheet.index("--accent:") < sheet.index(".map-page")
