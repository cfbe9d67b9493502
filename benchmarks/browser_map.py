"""A million events in headless Chromium, against Folium's MarkerCluster at ten thousand and Leaflet's canvas with all.

    python -m benchmarks.make_events 1000000 --store /tmp/million      (with the gazetteer and the basemap beside it)
    python -m benchmarks.browser_map /tmp/million

Seconds from navigation until the map is complete (events drawn; ours with its basemap too, the peers have none), bytes
that this takes with assets cached, and milliseconds from a filter step (a type off or on, the brush moved) until map
and counts are painted. All in one run on one machine, so that the ratios hold where the seconds do not.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import click
import numpy as np
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from benchmarks.make_events import make
from benchmarks.peer_pages import all_points, fetch_packages, local, marker_cluster
from benchmarks.serving import cpu_s, kept, served

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
             "--disable-background-networking", "--disable-component-update")  # fmt: skip
SIZE = {"width": 1440, "height": 900}
PEER_EVENTS = 10_000
WINDOW_MS = 1_500
COMPLETE = """() => document.body?.dataset.ready && (() => {
  const tiles = [...document.querySelectorAll(".leaflet-tile")];
  return tiles.length && tiles.every((tile) => tile.classList.contains("leaflet-tile-loaded"));
})() ? performance.now() : 0"""
CLUSTERED = "() => document.querySelector('.leaflet-marker-icon') ? performance.now() : 0"
POINTS = "() => Number(document.body?.dataset.ready) || 0"
STEP = """async () => {
  const drawn = () => performance.getEntriesByName("dateline:painted")[0];
  await new Promise((next) => setTimeout(next, 500));
  performance.clearMarks("dateline:painted");
  const from = performance.now();
  ACT;
  while (!drawn()) {
    if (performance.now() - from > 10000) throw new Error("nothing was drawn in 10 s");
    await new Promise((next) => requestAnimationFrame(next));
  }
  return drawn().startTime - from;
}"""
LONG_TASKS = """window.longTasks = [];
new PerformanceObserver((list) => list.getEntries().forEach((task) => window.longTasks.push(task.duration)))
  .observe({ entryTypes: ["longtask"] });"""


@dataclass(frozen=True, slots=True)
class Visit:
    """From navigation until the map is complete: seconds, those of processors, and bytes over the network."""

    seconds: float
    cpu_s: float
    received: int


@click.command(help=__doc__)
@click.argument("data", type=click.Path(exists=True, path_type=Path))
@click.option("--runs", default=5, show_default=True, help="Navigations of which the median counts.")
@click.option("--steps", default=40, show_default=True, help="Filter steps of each kind.")
@click.option(
    "--points", default=1_000_000, show_default=True, help="Events of the page with all points; 0: leave out."
)
def main(data: Path, runs: int, steps: int, points: int) -> None:
    fetch_packages()
    peer = marker_cluster(make(PEER_EVENTS))
    with (
        sync_playwright() as playwright,
        served(data) as (address, _pid),
        kept(local(peer.answers)) as peer_address,
        _launched(playwright) as browser,
    ):
        with _context(browser) as context, _context(browser) as peer_context:
            first, peer_first = _visit(context, address, COMPLETE), _visit(peer_context, peer_address, CLUSTERED)
            ours, peers = [], []
            for _run in range(runs):  # in turn, so that what else the machine does falls on both
                ours.append(_visit(context, address, COMPLETE))
                peers.append(_visit(peer_context, peer_address, CLUSTERED))
            page = context.new_page()
            rows = dict(_steps(page, address, steps))
            panning = _panning(page)
        print(f"{'':62}{'Dateline':>12}{'peer':>12}{'ratio':>9}")
        _visits(ours, peers, peer.build_s)
        _row("first complete map, nothing cached, s", first.seconds, peer_first.seconds)
        _row(
            "bytes until then, assets cached (that page's HTML)", max(v.received for v in ours), len(peer.answers["/"])
        )
        others = _point_steps(browser, points, 3) if points else []
        for name, found in rows.items():
            _row(f"{name}, p95, ms" + (" (Leaflet, all points)" if others else ""), _p95(found), _p95(others))
        print(f"longest task while panning, ms: {max(panning, default=0):.0f} (long tasks above 50 ms: {len(panning)})")


def _visits(ours: Sequence[Visit], peers: Sequence[Visit], build_s: float) -> None:
    """The median of both, and the least: what else the machine does can only add to a time."""
    for name, of in (("", median), (", least", min)):
        ours_s, peer_s = (of(visit.seconds for visit in visits) for visits in (ours, peers))
        _row(f"first complete map{name}, s (Folium MarkerCluster, {PEER_EVENTS:,})", ours_s, peer_s)
        _row("  the same, with Python's work for the page", ours_s, peer_s + build_s)
    cpu_s = [median(visit.cpu_s for visit in visits) for visits in (ours, peers)]
    _row("  processor time of browser and server until then, s", cpu_s[0], cpu_s[1])
    _row("  the same, with Python's work for the page", cpu_s[0], cpu_s[1] + build_s)


def _row(name: str, ours: float, peer: float) -> None:
    ratio = f"{ours / peer:9.3f}" if peer else ""
    print(f"{name:62}{ours:12,.2f}{peer:12,.2f}{ratio}")


def _p95(values: list[float]) -> float:
    return float(np.percentile(values, 95)) if values else 0.0


@contextmanager
def _launched(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
    try:
        yield browser
    finally:
        browser.close()


@contextmanager
def _context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=SIZE)  # type: ignore[arg-type]
    try:
        yield context
    finally:
        context.close()


def _visit(context: BrowserContext, address: str, complete: str) -> Visit:
    """A page of its own, opened once its window is there: Chromium's own start of it takes half a second's work."""
    page = context.new_page()
    total = [0]
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.on("Network.loadingFinished", lambda done: total.__setitem__(0, total[0] + int(done["encodedDataLength"])))
    page.wait_for_timeout(WINDOW_MS)
    before = cpu_s(os.getpid())
    seconds = _complete_s(page, address, complete)
    spent = cpu_s(os.getpid()) - before
    page.wait_for_timeout(300)  # what finished with the last frame is still being reported
    page.close()
    return Visit(seconds, spent, total[0])


def _complete_s(page: Page, address: str, complete: str) -> float:
    page.goto(address, wait_until="commit", timeout=120_000)
    found = page.wait_for_function(complete, polling="raf", timeout=120_000).json_value()
    return float(found) / 1000


def _steps(page: Page, address: str, steps: int) -> Iterator[tuple[str, list[float]]]:
    """Milliseconds of filter steps, each a person's: a type's box, the brush's handles, the map dragged by a third."""
    page.goto(address, wait_until="commit")
    page.wait_for_function(COMPLETE, polling="raf")
    page.evaluate(LONG_TASKS)
    box = 'document.querySelectorAll("#legend .type:not(.sub) input[type=checkbox]")'
    types = page.evaluate(f"() => {box}.length")
    acts: dict[str, Callable[[int], str]] = {
        "filter step: a type off or on": lambda i: f"{box}[{i // 2 % types}].click()",
        "filter step: the brush moved": lambda i: (
            f'(() => {{ const end = document.querySelector("#t1"); end.value = Number(end.max) - {20 + 3 * i};'
            ' end.dispatchEvent(new Event("input", {bubbles: true})); '
            ' end.dispatchEvent(new Event("change", {bubbles: true})); })()'
        ),
    }
    for name, act in acts.items():
        yield name, [float(page.evaluate(STEP.replace("ACT", act(i)))) for i in range(steps)]


def _panning(page: Page) -> list[float]:
    """Durations of tasks above 50 ms while the map is dragged about at zooms 3 to 6."""
    page.evaluate("window.longTasks.length = 0")
    for _zoom in range(3):
        for dx, dy in ((-300, 0), (0, 120), (250, -80), (200, 100)):
            page.mouse.move(900, 400)
            page.mouse.down()
            page.mouse.move(900 + dx, 400 + dy, steps=12)
            page.mouse.up()
            page.wait_for_timeout(350)
        page.mouse.dblclick(900, 350)
        page.wait_for_timeout(600)
    found: list[float] = page.evaluate("window.longTasks")
    return found


def _point_steps(browser: Browser, points: int, steps: int) -> list[float]:
    """The same step on the page with all points: a type taken off the map, and put on again."""
    with kept(local(all_points(make(points)).answers)) as address, _context(browser) as context:
        page = context.new_page()
        seconds = _complete_s(page, address, POINTS)
        click.echo(f"Leaflet with {points:,} circles on its canvas: {seconds:.1f} s until drawn", err=True)
        found: list[Any] = [
            page.evaluate(f"step({i % 3}, {str(on).lower()})") for i in range(steps) for on in (False, True)
        ]
        return [float(each) for each in found]


if __name__ == "__main__":
    main()
