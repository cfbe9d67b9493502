"""The layer of events: one call with JSON options. What it does is written in static/js/map.js and static/js/layers.

The page imports `eventLayer` in the module script that Folium's script is rendered into.
"""

import json
from collections.abc import Mapping
from typing import Any

from folium.map import Layer
from folium.template import Template

_ESCAPES = {ord(char): f"\\u{ord(char):04x}" for char in "<>&'\u2028\u2029"}


class EventLayer(Layer):
    """Events and clusters of a view, fetched and drawn by our script; `options` is plain data."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            const {{ this.get_name() }} = eventLayer({{ this._parent.get_name() }}, {{ this.options_json }});
        {% endmacro %}
        """
    )

    def __init__(self, options: Mapping[str, Any]) -> None:
        super().__init__(name="events", overlay=True, control=False)
        self._name = "EventLayer"
        self.options_json = script_json(options)


def script_json(value: object) -> str:
    """JSON that is safe inside a script element: no character that could end it or start another."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False).translate(_ESCAPES)
