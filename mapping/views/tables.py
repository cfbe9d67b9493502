"""Tables before they are imported: what their columns mean, what is to be answered, a trial, `/tables…`; receipts."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request, url_for

from geodata.contracts import ColumnMapping, Row, TableDrafts, TableLook, Workspace
from mapping.json_fields import Fields

FIELDS: Sequence[tuple[str, Sequence[tuple[str, str]]]] = (
    ("When", (("start", "Date, or first day"), ("end", "Last day"), ("date_precision", "How exact the date is"))),
    (
        "Where",
        (
            ("place", "Place name"),
            ("lon", "Longitude, or x"),
            ("lat", "Latitude, or y"),
            ("position", "Both coordinates"),
            ("admin1", "Region or province"),
            ("admin2", "District"),
            ("country", "Country"),
            ("precision", "How exact the place is"),
            ("radius_m", "Radius of doubt, metres"),
        ),
    ),
    (
        "What",
        (
            ("event_type", "Event type"),
            ("sub_event_type", "Sub-type"),
            ("title", "Title"),
            ("quote", "Text"),
            ("actors", "Actors"),
            ("fatalities_best", "Deaths"),
            ("fatalities_low", "Deaths, at least"),
            ("fatalities_high", "Deaths, at most"),
            ("notes", "Notes"),
            ("tags", "Tags"),
        ),
    ),
    (
        "Source",
        (
            ("source_publisher", "Publisher"),
            ("source_url", "Web address"),
            ("source_title", "Headline"),
            ("source_published", "Published on"),
        ),
    ),
    ("The row", (("id", "Identifier"), ("status", "Review status"), ("confidence", "Confidence, 0 to 1"))),
)
"""What a person can say that a column means, by group."""
FORMATS: Mapping[str, str] = {
    "csv": "Table as text",
    "excel": "Workbook",
    "json": "JSON objects",
    "ucdp": "UCDP GED",
    "acled": "ACLED",
    "gdelt": "GDELT 2.0",
    "viina": "VIINA",
    "usgs": "USGS earthquakes",
    "hxl": "HXL table",
    "timemap": "TimeMap",
    "geojson": "GeoJSON",
    "geojsonl": "GeoJSON, line by line",
    "kml": "KML",
    "gpx": "GPX",
    "georss": "GeoRSS",
    "ical": "Calendar",
    "spatial": "Map file",
}
TELLING = frozenset(("start", "end", "place", "lon", "position", "event_type", "title", "quote"))
"""What one column at least must mean for a row to be an event."""
SAMPLES = 3
SHOWN = 8
MOST_MAPPING_CHARS = 200_000


def tables_blueprint(workspace: Workspace, drafts: TableDrafts) -> Blueprint:
    """`/tables…` over the tables that were handed in, and `/imports/tables/<id>…` of those that were imported."""
    views = Blueprint("tables", __name__)

    @views.get("/tables/<draft_id>")
    def page(draft_id: str) -> str:
        return render_template("table.html", table=look_json(drafts.look(draft_id)), fields=FIELDS)

    @views.post("/tables/<draft_id>/look")
    def look(draft_id: str) -> Response:
        asked = _asked()
        mapping = _mapping(asked)
        return jsonify(look_json(drafts.look(draft_id, mapping, "" if mapping else asked.text("preset", 100))))

    @views.post("/tables/<draft_id>/preset")
    def keep(draft_id: str) -> Response:
        asked = _asked()
        name, mapping = asked.text("name", 100), _mapping(asked)
        drafts.save_preset(draft_id, name, mapping or drafts.look(draft_id).mapping)
        return jsonify({"name": " ".join(name.split())})

    @views.post("/tables/<draft_id>/import")
    def start(draft_id: str) -> tuple[Response, int]:
        asked = _asked()
        import_id = drafts.submit(draft_id, _mapping(asked), dry_run=asked.flag("dry_run"))
        return jsonify({"import_id": import_id, "url": url_for("imports.page", import_id=import_id)}), 201

    @views.post("/tables/<draft_id>/remove")
    def remove(draft_id: str) -> Response:
        drafts.remove(draft_id)
        return jsonify({})

    @views.get("/imports/tables/<table_id>.csv")
    def receipt(table_id: str) -> Response:
        to_mend = request.args.get("rows", "") == "to-mend"
        response = Response(drafts.receipt(table_id, to_mend), mimetype="text/csv")
        name = f"{'rows-to-mend' if to_mend else 'receipt'}-{table_id}.csv"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    @views.post("/imports/tables/<table_id>/undo")
    def undo(table_id: str) -> Response:
        undone = workspace.store.imports.undo(table_id)
        return jsonify(
            {
                "removed": undone.removed,
                "restored": undone.restored,
                "stayed": undone.stayed,
                "notes": list(undone.notes),
            }
        )

    return views


def look_json(look: TableLook) -> dict[str, Any]:
    """A table as the page shows it."""
    is_asked = any(question.key == "date_order" for question in look.questions)
    means = {name: field for field, names in look.mapping.columns.items() for name in names}
    return {
        "draft_id": look.draft_id,
        "name": look.name,
        "format": look.format,
        "format_text": FORMATS.get(look.format, look.format),
        "rows": look.rows,
        "bytes": look.total_bytes,
        "can_map": look.can_map,
        "is_mapped": not look.can_map or not TELLING.isdisjoint((*means.values(), *look.mapping.defaults)),
        "columns": [
            {"name": name, "field": means.get(name, ""), "samples": _samples(look.sample, index)}
            for index, name in enumerate(look.columns)
        ],
        "date_order": look.mapping.date_order,
        "decimal": look.mapping.decimal,
        "swap_lon_lat": look.mapping.swap_lon_lat,
        "crs": look.mapping.crs,
        "sheet": look.mapping.sheet,
        "type_names": dict(look.mapping.type_names),
        "defaults": dict(look.mapping.defaults),
        "questions": [
            {
                "key": question.key,
                "text": question.text,
                "options": [option._asdict() for option in question.options],
                "suggested": question.suggested,
            }
            for question in look.questions
        ],
        "sample": [_row_json(row, is_asked) for row in look.sample[:SHOWN]],
        "notes": list(look.notes),
        "credit": {
            "attribution": look.credit.attribution,
            "licence": look.credit.licence,
            "reexport": look.credit.reexport,
        },
        "preset": look.preset,
        "presets": list(look.presets),
    }


def _samples(rows: Sequence[Row], index: int) -> list[str]:
    held = (row.cells[index].strip() for row in rows if index < len(row.cells))
    return list(dict.fromkeys(cell[:80] for cell in held if cell))[:SAMPLES]


def _row_json(row: Row, is_date_asked: bool) -> dict[str, Any]:
    """`is_date_asked`: what is wrong with dates is left out, as it is asked above."""
    event = row.event
    place = event and event.place
    words = event.properties.get("place", "") if event else ""
    return {
        "line": row.line,
        "when": str(event.when).replace("/", " \u2013 ") if event and event.when else "",
        "place": place.name if place else words,
        "position": _degrees(place.lat, "N", "S") + ", " + _degrees(place.lon, "E", "W") if place else "",
        "type": (event.sub_event_type or event.event_type) if event else "",
        "type_given": event.properties.get("type_as_given", "") if event else "",
        "title": (event.title or event.quote)[:160] if event else "",
        "problems": [str(remark) for remark in row.problems],
        "changes": [
            str(remark) for remark in row.changes if not (is_date_asked and "without a date" in remark.message)
        ],
    }


def _degrees(value: float, positive: str, negative: str) -> str:
    return f"{abs(value):.4f}° {positive if value >= 0 else negative}"


def _asked() -> Fields:
    return Fields(request.get_json(silent=True) or {}, "the request")


def _mapping(asked: Fields) -> ColumnMapping | None:
    """What the page says of the columns; None where it says nothing."""
    if not asked.has("mapping"):
        return None
    return ColumnMapping.from_json(asked.text("mapping", MOST_MAPPING_CHARS))
