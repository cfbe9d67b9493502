"""Names of files that say which events they hold."""

import re

from geodata.query import EventQuery

_SAID_WITH_NAME = {
    "bbox": "bbox_{}",
    "near": "near_{}",
    "polygon": "area",
    "fatalities": "fatalities-{}",
    "undated": "{}-undated",
    "unplaced": "{}-unplaced",
    "filter": "filtered",
    "filter-lang": "",
}
"""Parameters whose values say too little, or too much, by themselves in the name of a file."""


def file_name(query: EventQuery) -> str:
    """A name of letters, digits and dashes that says the filters: events-battles-2022-02-01_2022-04-30."""
    parts = ["events"]
    params = query.to_params()
    for name, values in sorted(params.items(), key=lambda item: item[0] not in ("type", "sub_type", "status")):
        said = "_".join(values).replace("..", "open").replace("/", "_" if name == "datetime" else "-")
        parts.append(_SAID_WITH_NAME.get(name, "{}").format(said))
    safe = (re.sub(r"[^a-z0-9._-]+", "-", part.casefold().replace(",", "_")).strip("-.") for part in parts)
    return "-".join(part for part in safe if part)[:120]
