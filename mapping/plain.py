"""Events and views of the map as plain data for JSON: days in ISO 8601, positions in degrees of lon and lat."""

from collections.abc import Iterable, Mapping
from datetime import date

from geodata.answers import Charts, Cluster, Extent, Grid, Histogram, MapView, Merge
from geodata.geometry import BBox
from geodata.model import Event, Source

Plain = dict[str, object]


def brief(event: Event) -> Plain:
    """What the map and the list need: no quote, no sources. Nulls where there is no date or no place."""
    when, place = event.when, event.place
    return {
        "id": event.event_id,
        "type": event.event_type,
        "sub_type": event.sub_event_type,
        "title": event.title,
        "status": event.status.value,
        "start": when.start.isoformat() if when else None,
        "end": when.end.isoformat() if when else None,
        "date_precision": when.precision.value if when else None,
        "lon": place.lon if place else None,
        "lat": place.lat if place else None,
        "place": place.name if place else None,
        "country": place.country if place else "",
        "precision": place.precision.value if place else None,
        "radius_m": place.radius_m if place else 0,
    }


def detail(event: Event) -> Plain:
    """Everything that the card of one event shows."""
    place, deaths = event.place, event.fatalities
    return {
        **brief(event),
        "admin1": place.admin1 if place else "",
        "admin2": place.admin2 if place else "",
        "quote": event.quote,
        "sources": [source(item) for item in event.sources],
        "actors": list(event.actors),
        "fatalities": {"low": deaths.low, "best": deaths.best, "high": deaths.high} if deaths else None,
        "confidence": event.confidence,
        "notes": list(event.notes),
        "tags": list(event.tags),
        "properties": dict(event.properties),
        "doc_id": event.doc_id,
    }


def source(item: Source) -> Plain:
    """A source as far as it can be cited; whether its address may be linked is for the page to judge."""
    return {
        "url": item.url,
        "title": item.title,
        "publisher": item.publisher,
        "published": item.published.isoformat() if item.published else None,
        "archive_url": item.archive_url,
    }


def merge(item: Merge) -> Plain:
    """An event merged away, as it is told beside the one that holds it."""
    event = item.merged
    return {
        "merge_id": item.merge_id,
        "survivor": item.survivor_id,
        "id": event.event_id,
        "title": event.title or event.sub_event_type or event.event_type,
        "quote": event.quote,
        "doc_id": event.doc_id,
        "sources": [source(each) for each in event.sources],
        "merged_at": item.merged_at,
    }


def box(bbox: BBox | None) -> list[float] | None:
    """West, south, east, north in degrees, to a millionth (10 cm)."""
    return [round(side, 6) for side in (bbox.west, bbox.south, bbox.east, bbox.north)] if bbox else None


def days(first: date | None, last: date | None) -> Plain | None:
    """The first and the last day in ISO 8601; None where nothing is dated."""
    return {"first": first.isoformat(), "last": last.isoformat()} if first and last else None


def area(event: Event) -> Plain:
    """The area that an event is known to lie in: its name, rank and radius."""
    place = event.place
    assert place is not None
    return {"place": place.name, "precision": place.precision.value, "radius_m": place.radius_m}


def cluster(item: Cluster, areas: Mapping[int, Plain]) -> Plain:
    """A cluster; its types the most frequent first. One of an area, which `areas` tell by row, says which."""
    found = areas.get(item.row_id) if item.row_id is not None else None
    return {
        **({"area": found} if found else {}),
        "lon": round(item.lon, 6),
        "lat": round(item.lat, 6),
        "count": item.count,
        "types": dict(sorted(item.types.items(), key=lambda pair: -pair[1])),
        "bbox": box(item.bbox),
    }


def map_view(view: MapView, areas: Mapping[int, Plain]) -> Plain:
    """A view without its single events; `areas` by row name those of its clusters that are of an area."""
    return {
        "matched": view.matched,
        "types": dict(view.types),
        "sub_types": dict(view.sub_types),
        "statuses": dict(view.statuses),
        "histogram": histogram(view.histogram),
        "undated": view.undated,
        "unplaced": view.unplaced,
        "clusters": [cluster(item, areas) for item in view.clusters],
    }


def histogram(bins: Histogram) -> Plain:
    """`counts` by first possible day; `surely` and `possibly` by all days of an event."""
    found: Plain = {
        "unit": bins.unit,
        "start": bins.start.isoformat() if bins.start else None,
        "counts": list(bins.counts),
        "surely": list(bins.surely),
        "possibly": list(bins.possibly),
    }
    if bins.by_type:
        found["by_type"] = {name: list(counts) for name, counts in bins.by_type.items()}
    return found


def extent(reach: Extent) -> Plain:
    """The days and the box of all events, whatever the filters; nulls where nothing is dated, placed."""
    return {
        "first": reach.first.isoformat() if reach.first else None,
        "last": reach.last.isoformat() if reach.last else None,
        "anywhere": box(reach.bbox),
    }


def charts(found: Charts, events: Mapping[int, Event]) -> Plain:
    """What the charts show; `events` by row name the places."""
    return {
        "matched": found.matched,
        "histogram": {"by_type": {}, **histogram(found.histogram)},
        "places": [
            {**place_name(events.get(spot.row_id)), "lon": round(spot.lon, 6), "lat": round(spot.lat, 6),
             "count": spot.count}
            for spot in found.spots
        ],
        "sources": [{"name": name, "count": count} for name, count in found.sources.items()],
    }  # fmt: skip


def place_name(event: Event | None) -> Plain:
    """What the place of an event is called, and where it lies."""
    place = event.place if event else None
    return {
        "name": place.name if place else "",
        "admin1": place.admin1 if place else "",
        "country": place.country if place else "",
    }


def grid(found: Grid) -> Plain:
    """Cells of a heat map: the middle of each in degrees and its count; `cell_px` at the zoom asked for."""
    return {
        "cell_px": found.cell_px,
        "lon": rounded(found.lon),
        "lat": rounded(found.lat),
        "count": list(found.count),
    }


def rounded(degrees: Iterable[float]) -> list[float]:
    """To a hundred-thousandth, about a metre."""
    return [round(value, 5) for value in degrees]
