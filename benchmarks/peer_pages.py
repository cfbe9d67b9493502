"""The pages that Dateline's map is compared with, made of the same events.

Folium's MarkerCluster, as its users write it; and Leaflet's own canvas with every point, which takes a filter by
taking the layers of a type away. Neither has a basemap, which is work that ours does and they are spared.
"""

import json
import os
import re
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import folium
import numpy as np
from folium.plugins import MarkerCluster

from benchmarks.make_events import Made
from benchmarks.write_events import events

HERE = Path(__file__).parent / "peers"
PACKAGES = HERE / "node_modules"
ASSETS = {
    "jquery-3.7.1.min.js": "jquery/dist/jquery.min.js",
    "leaflet.js": "leaflet/dist/leaflet.js",
    "leaflet.css": "leaflet/dist/leaflet.css",
    "leaflet.markercluster.js": "leaflet.markercluster/dist/leaflet.markercluster.js",
    "MarkerCluster.css": "leaflet.markercluster/dist/MarkerCluster.css",
    "MarkerCluster.Default.css": "leaflet.markercluster/dist/MarkerCluster.Default.css",
}
"""By the last part of the address that Folium asks for. All else that it asks for (Bootstrap, icons) is answered with
nothing, which only makes it quicker."""
_ALL_POINTS = """<!doctype html><meta charset="utf-8"><title>All points</title>
<link rel="stylesheet" href="/leaflet.css"><style>html, body, #map { height: 100%; margin: 0 }</style>
<div id="map"></div>
<script src="/leaflet.js"></script><script>
const map = L.map("map", { preferCanvas: true, renderer: L.canvas() }).setView([30, 20], 2);
const groups = [];
async function draw() {
  const [head, lonLat, kind] = await Promise.all(["head.json", "lonlat.bin", "kind.bin"].map(async (name) => {
    const answer = await fetch("/" + name);
    return name.endsWith("json") ? answer.json() : answer.arrayBuffer();
  }));
  const place = new Float32Array(lonLat), type = new Uint8Array(kind);
  for (let i = 0; i < head.types; i++) groups.push([]);
  for (let i = 0; i < type.length; i++) {
    groups[type[i]].push(L.circleMarker([place[2 * i + 1], place[2 * i]], { radius: 3, weight: 1 }));
  }
  groups.forEach((markers, i) => (groups[i] = L.layerGroup(markers).addTo(map)));
}
const painted = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
draw().then(painted).then(() => (document.body.dataset.ready = performance.now()));
async function step(i, on) {
  const from = performance.now();
  if (on) map.addLayer(groups[i]); else map.removeLayer(groups[i]);
  await painted();
  return performance.now() - from;
}
</script>"""


_HOSTED = re.compile(rb"""((?:src|href)=")https://[^"]*/(?=[^"/]+")""")


@dataclass(frozen=True, slots=True)
class Site:
    """Answers by path; `build_s` is the processor time that Python took to make them."""

    answers: dict[str, bytes]
    build_s: float


def fetch_packages() -> None:
    """Installs the peers' packages from the npm registry, as their lockfile has them, where that was not done yet."""
    if not all((PACKAGES / path).exists() for path in ASSETS.values()):
        here = Path(__file__).parent.parent
        settings = {"VENV": str(here / ".venv"), **os.environ}
        npm = [here / "tools" / "npm.sh", "ci", "--ignore-scripts", "--no-progress", "--loglevel=error"]
        subprocess.run(npm, cwd=HERE, check=True, env=settings)


def local(answers: Mapping[str, bytes]) -> dict[str, bytes]:
    """The same pages, asking no other host: each asset's address becomes its last part, on the server of the page."""
    page = _HOSTED.sub(rb"\1/", answers["/"]) if "/" in answers else b""
    return {**answers, "/": page}


def marker_cluster(made: Made) -> Site:
    """Folium's MarkerCluster, a marker with a popup for each event that has a place."""
    started = time.process_time()
    page = folium.Map(location=[30, 20], zoom_start=2, tiles=None, maxZoom=18)
    group = MarkerCluster().add_to(page)
    for event in events(made):
        if event.place:
            folium.Marker([event.place.lat, event.place.lon], popup=event.title).add_to(group)
    html = page.get_root().render().encode()
    return Site({"/": html, **_assets()}, time.process_time() - started)


def all_points(made: Made) -> Site:
    """Leaflet's canvas with a circle for each event that has a place, its columns fetched as arrays."""
    started = time.process_time()
    types = list(dict.fromkeys(name for name, _ in made.kinds))
    number = np.array([types.index(name) for name, _ in made.kinds], dtype=np.uint8)
    lon_lat = np.column_stack((made.lon, made.lat))[made.placed].astype(np.float32)
    answers: dict[str, Any] = {
        "/": _ALL_POINTS.encode(),
        "/head.json": json.dumps({"types": len(types)}).encode(),
        "/lonlat.bin": lon_lat.tobytes(),
        "/kind.bin": number[made.kind[made.placed]].tobytes(),
        **_assets(),
    }
    return Site(answers, time.process_time() - started)


def _assets() -> dict[str, bytes]:
    return {f"/{name}": (PACKAGES / path).read_bytes() for name, path in ASSETS.items()}
