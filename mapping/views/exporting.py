"""What the page's export dialog shows of a view: the formats, how many events each would hold, and what stays out."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from flask import Blueprint, Response

from geodata.allowed import WORDS_STAY, Release
from geodata.contracts import Exporter, Workspace
from geodata.query import EventQuery
from mapping.asked import query_of
from mapping.asking import Asking, Now
from mapping.conditional import Conditional
from mapping.describing import named_sources
from mapping.exporters import MOST
from mapping.whole_json import whole_json


def add_routes(site: Blueprint, workspace: Workspace, asking: Asking, kept: Conditional) -> None:
    """Adds the view to the map's blueprint."""

    @site.get("/map/export")
    def export() -> Response:
        return kept.answer(lambda version: whole_json(_offer(workspace, asking.now(version), query_of(workspace))))


def _offer(workspace: Workspace, now: Now, query: EventQuery) -> Mapping[str, object]:
    """`whole`: with the events without a date or place, which the page keeps in trays beside the map."""
    release, whole = Release.of(workspace.settings), query.without("undated", "unplaced")
    held = _held(now, query, release)
    return {
        **held,
        "whole": held if whole == query else _held(now, whole, release),
        "left_out": release.told(now.count(query) - held["events"]),
        "generalised_km": release.generalise_km,
        "words": WORDS_STAY,
        "sources": named_sources(now.top_sources(query)),
        "formats": _formats(workspace.exporters),
    }


def _held(now: Now, query: EventQuery, release: Release) -> Mapping[str, int]:
    """How many events a file would hold, and how many of them have no date, no place."""
    return {
        "events": _leaving(now, query, release),
        "undated": 0 if query.undated == "exclude" else _leaving(now, replace(query, undated="only"), release),
        "unplaced": 0 if query.unplaced == "exclude" else _leaving(now, replace(query, unplaced="only"), release),
    }


def _leaving(now: Now, query: EventQuery, release: Release) -> int:
    return now.leaving(query, release, 0).total


def _formats(exporters: Mapping[str, Exporter]) -> Sequence[Mapping[str, object]]:
    return [
        {
            "name": name,
            "title": each.title,
            "suffix": each.suffix,
            "good_for": each.good_for,
            "lossless": each.lossless,
            "traits": sorted(each.traits),
            "most": MOST.get(name, 0),
        }
        for name, each in exporters.items()
    ]
