"""The examples of docs/api.md, run in order by a shell against a real server: each answers as the page says."""

import os
import re
import shutil
import subprocess
import threading
from pathlib import Path

import pytest
from waitress.server import create_server

from app import create_app
from geodata.settings import Settings
from geodata.tokens import Scope
from tests.mapping.story_workspace import SmallWorkspace

PAGE = Path(__file__).parents[2] / "docs" / "api.md"
EXAMPLE = re.compile(r"^```sh (\d+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TELLS = """curl() { command curl -sS --max-time 60 -o /dev/null -w '%{http_code}\\n' "$@"; }"""


@pytest.mark.skipif(not shutil.which("curl") or not shutil.which("bash"), reason="no curl or no bash")
def test_each_example_answers_as_the_page_says(tmp_path: Path) -> None:
    examples = EXAMPLE.findall(PAGE.read_text(encoding="utf-8"))
    assert len(examples) >= 10
    workspace = SmallWorkspace(Settings(data=tmp_path))
    token = workspace.store.tokens.add("docs", Scope.REVIEW)
    server = create_server(create_app(workspace=workspace), host="127.0.0.1", port=0, threads=2)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{server.effective_port}"
    script = "\n".join([TELLS, *(f"{body}echo ---" for _, body in examples)])
    try:
        environ = {**os.environ, "DATELINE": address, "TOKEN": token, "NO_PROXY": "127.0.0.1"}
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script], env=environ, capture_output=True, text=True, timeout=120
        )
    finally:
        server.close()
        thread.join(5)
        workspace.close()
    told = [part.split() for part in done.stdout.split("---")[:-1]]
    assert [set(each) for each in told] == [{status} for status, _ in examples], done.stderr


def test_the_page_names_every_limit_as_it_is() -> None:
    from geodata.webhooks.courier import WAITS_S
    from mapping.views import changes, feeds
    from mapping.writing import access, bodies, events, feature_form

    said = PAGE.read_text(encoding="utf-8").replace("\n", " ")
    assert f"up to {events.MOST_FEATURES:,}" in said
    assert f"nested at most {bodies.MOST_DEPTH} levels" in said
    assert f"{feature_form.MAX_TITLE_CHARS}, {feature_form.MAX_QUOTE_CHARS:,}, {feature_form.MAX_VALUE_CHARS:,}" in said
    assert f"{feature_form.MOST_PROPERTIES}; {feature_form.MOST_LISTED} each" in said
    assert f"{changes.MOST:,} a page; `wait` {changes.MOST_WAIT_S} s" in said
    assert f"{feeds.MOST} entries a page" in said
    assert access.MOST_FAILURES == 20
    hours = ", ".join(str(wait_s // 3600) for wait_s in WAITS_S[3:-1])
    assert f"5 s, 5 min, 30 min, {hours} and {WAITS_S[-1] // 3600} hours" in said
