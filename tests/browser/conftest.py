"""A real server and a real Chromium. A page fails its test on any script error, CSP violation or foreign request.

`serve(workspace)` starts the site on a free port and gives its address; `site` is that of the seeded events. Tests that
provoke an error on purpose take it out of `complaints`.
"""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request
from waitress import wasyncore
from waitress.server import create_server

from app import create_app
from geodata.contracts import Workspace

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
ARGUMENTS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
)  # fmt: skip
VENDOR = Path(__file__).parents[2] / "static" / "vendor"
WATCH = """
window.violations = [];
addEventListener("securitypolicyviolation", (event) =>
  window.violations.push(`CSP ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`), true);
"""


def missing() -> str:
    """What these tests lack here, or nothing."""
    if not Path(CHROMIUM).exists():
        return f"no Chromium at {CHROMIUM}"
    return "" if (VENDOR / "leaflet" / "leaflet.js").exists() else "no front-end assets: run `make setup`"


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    lack = missing()
    if lack and os.environ.get("CI"):
        pytest.fail(lack)
    if lack:
        pytest.skip(lack)
    return {"executable_path": CHROMIUM, "args": list(ARGUMENTS)}


@pytest.fixture
def serve() -> Iterator[Callable[[Workspace], str]]:
    """Starts a site and gives its address; all that a test started are stopped after it."""
    servers: list[tuple[Any, threading.Thread]] = []

    def start(workspace: Workspace) -> str:
        server = create_server(create_app(workspace=workspace), host="127.0.0.1", port=0, threads=6)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        servers.append((server, thread))
        return f"http://127.0.0.1:{server.effective_port}"

    yield start
    for server, thread in servers:
        with suppress(OSError):  # closed already; that the loop has ended is seen below
            # in the loop's own thread, which then ends
            server.trigger.pull_trigger(partial(wasyncore.close_all, server._map))
        thread.join(5)
        server.task_dispatcher.shutdown()
        assert not thread.is_alive(), "the server does not stop"


@pytest.fixture
def site(seeded: Workspace, serve: Callable[[Workspace], str]) -> str:
    """Address of a site that shows tests/seeded.py's events."""
    return serve(seeded)


@pytest.fixture
def complaints() -> list[str]:
    """What the page did that no page of ours may do; empty when a test ends well."""
    return []


@pytest.fixture
def page(context: BrowserContext, complaints: list[str], serve: object) -> Iterator[Page]:
    """A watched page; it asks for `serve` so that the servers outlive it."""
    context.add_init_script(WATCH)
    page = context.new_page()
    watch(page, complaints)
    yield page
    page.unroute_all(behavior="ignoreErrors")  # a slowed answer may still wait when the test has seen enough
    if not page.is_closed():
        complaints += page.evaluate("window.violations || []")
    assert not complaints, "\n".join(complaints)


def watch(page: Page, complaints: list[str]) -> None:
    """Writes down console errors, script errors, requests that failed and requests to any other host."""

    def on_console(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(f"console {message.type}: {message.text} ({message.location.get('url', '')})")

    def on_request(request: Request) -> None:
        if not request.url.startswith(("http://127.0.0.1:", "data:", "blob:")):
            complaints.append(f"request to another host: {request.url}")

    def on_failure(request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # an outdated question that the page called off
            complaints.append(f"request failed: {request.url} {request.failure}")

    page.on("console", on_console)
    page.on("pageerror", lambda error: complaints.append(f"script error: {error}"))
    page.on("request", on_request)
    page.on("requestfailed", on_failure)


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """`axe(page)` fails with axe-core's own words where the page breaks a rule of WCAG 2.2 A or AA."""

    def check(page: Page) -> None:
        wanted = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
        results = Axe().run(page, options=wanted)
        assert results.violations_count == 0, results.generate_report()

    return check
