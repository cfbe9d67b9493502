"""The only place that makes a `folium.Map`: no asset from another host, no inline style, no text of an event.

Folium's own template writes a viewport that forbids zooming and style blocks that the Content-Security-Policy refuses,
so ours keeps two macros: the map's element and the call that makes the Leaflet map. Nothing may call `add_js_link` or
`add_css_link` here: they change the class, and so every later map.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import folium
from branca.element import Figure
from folium.template import Template

from mapping.layers.event_layer import EventLayer, script_json

SCRIPTS = {"leaflet": "vendor/leaflet/leaflet.js", "protomaps": "vendor/protomaps-leaflet/protomaps-leaflet.js"}
STYLES = {"leaflet_css": "vendor/leaflet/leaflet.css"}
"""By name, the files below `static`."""
WORLD = (24.0, 22.0)
"""Longitude and latitude that a map opens at when the link names no view."""
MIN_ZOOM, MAX_ZOOM = 2, 16


class OfflineMap(folium.Map):
    """A Leaflet map without tiles: the basemap, too, is added by our own script."""

    _template = Template(
        """
        {% macro html(this, kwargs) %}
            <div class="folium-map" id={{ this.get_name()|tojson }}></div>
        {% endmacro %}
        {% macro script(this, kwargs) %}
            const {{ this.get_name() }} = L.map(
                {{ this.get_name()|tojson }},
                {
                    center: {{ this.location|tojson }},
                    zoomAnimation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
                    ...{{ this.options|tojavascript }},
                },
            );
        {% endmacro %}
        """
    )

    def __init__(self, scripts: Sequence[tuple[str, str]], **options: Any) -> None:
        """`scripts`: names and addresses. Leaflet's styles are in the page's own sheet."""
        super().__init__(**options)
        self.default_js = list(scripts)
        self.default_css = []


@dataclass(frozen=True, slots=True)
class RenderedMap:
    """The three pieces of HTML that a page puts in its head, its body and one module script."""

    header: str
    html: str
    script: str


def event_map(options: Mapping[str, Any], nonce: str, address: Callable[[str], str]) -> RenderedMap:
    """The map of events as pieces of a page; `options` go to the layer's script as JSON.

    `address` gives the URL of a file below `static`.
    """
    files = tuple((name, address(file)) for name, file in SCRIPTS.items())
    rendered = _rendered(script_json(options), files)
    return replace(rendered, header=with_nonce(rendered.header, nonce))


@lru_cache(maxsize=16)
def _rendered(options_json: str, scripts: tuple[tuple[str, str], ...]) -> RenderedMap:
    """The pieces for these options and scripts, the header as folium writes it: making them is half of a page."""
    lon, lat = WORLD
    made = OfflineMap(
        scripts,
        location=[lat, lon],
        zoom_start=MIN_ZOOM,
        tiles=None,
        zoom_snap=1,  # between whole zooms the browser would stretch the basemap's names
        fade_animation=False,  # tiles are there at once; to fade them in takes the browser a dozen frames
        attribution_control=False,  # Leaflet's writes HTML; the page has its own line of credits
        world_copy_jump=True,
        # Without bounds Leaflet shows bare background past the poles; east and west stay free.
        max_bounds=True,
        min_lat=-85.06,
        max_lat=85.06,
        min_lon=-100_000,
        max_lon=100_000,
        max_bounds_viscosity=1.0,
    )
    made.options |= {"min_zoom": MIN_ZOOM, "max_zoom": MAX_ZOOM}  # folium gives its own to tile layers only
    EventLayer(json.loads(options_json)).add_to(made)
    figure = made.get_root()
    assert isinstance(figure, Figure)  # folium.Map puts itself into one
    figure.render()
    return RenderedMap(
        header=figure.header.render(),
        html=figure.html.render(),
        script=figure.script.render(),
    )


def with_nonce(header: str, nonce: str) -> str:
    """Folium's head without its charset line (the page has one), its script tags carrying the nonce.

    They are deferred, lest the page's body wait for them: they run in their order, before the page's own module.
    """
    lines = (line for line in header.splitlines() if line.strip() and "http-equiv" not in line)
    return "\n".join(lines).replace("<script", f'<script defer nonce="{nonce}"')
