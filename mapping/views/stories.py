"""Adding a story: read it, review its events, save them; and opening a kept one again.

The small maps of the review page are Leaflet's own, made in static/js/story-map.js: Folium writes a page once, on the
server, and these maps follow each keystroke. Folium draws the main map.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request
from werkzeug.datastructures import FileStorage

from geodata.contracts import Workspace
from geodata.errors import NotFound, UsageError, shown
from geodata.looks import SURE
from geodata.model import DEFAULT_RADIUS_M, Document, Event, Status, StoryDraft
from geodata.settings import Settings
from mapping import story_json
from mapping.basemaps import basemap_of
from mapping.json_fields import Fields
from mapping.story_form import MAX_EVENTS, CheckedStory, StoryMeta, checked_story
from mapping.writing.tags import story_tag

SUFFIXES = (".txt", ".text", ".md", ".markdown", ".html", ".htm", ".xhtml", ".mhtml", ".mht", ".docx", ".pdf")
FILE_SUFFIXES = (
    *SUFFIXES, ".rss", ".atom", ".xml", ".jsonl", ".ndjson", ".json", ".geojson", ".geojsonl", ".csv", ".tsv", ".xlsx",
    ".xlsm", ".xlsb", ".xls", ".ods", ".kml", ".kmz", ".gpx", ".ics", ".gpkg", ".fgb", ".parquet",
    ".geoparquet", ".zip",
)  # fmt: skip
STORY_FILES = ".txt, .md, .html, .mhtml, .docx or .pdf"
CLOSEST_ZOOM = 9.0


def stories_blueprint(workspace: Workspace) -> Blueprint:
    """`/stories…` over `workspace`."""
    views = Blueprint("stories", __name__)

    @views.get("/stories/new")
    def new_story() -> str:
        return _review_page(workspace, "")

    @views.get("/stories/<doc_id>")
    def kept_story(doc_id: str) -> str:
        workspace.store.document(doc_id)  # NotFound before the page is drawn
        return _review_page(workspace, doc_id)

    @views.get("/stories/<doc_id>.json")
    def kept_story_json(doc_id: str) -> Response:
        store = workspace.store
        document = store.document(doc_id)
        told = story_json.kept_json(document, store.events_of(doc_id))
        for item in store.duplicates.merges_out_of(doc_id):
            name = item.merged.title or item.merged.event_type
            told["notes"].append(f"{shown(name)} was merged into an event of another story, which has its words too")
        response = jsonify(told)
        response.set_etag(story_tag(document))  # what If-Match of the write API names
        return response

    @views.get("/stories/<doc_id>/reading.json")
    def read_again(doc_id: str) -> Response:
        store = workspace.store
        draft = workspace.draft(store.document(doc_id))
        return jsonify(story_json.reading_json(draft, store.events_of(doc_id)))

    @views.post("/stories/read")
    def read_story() -> Response:
        draft = _read(workspace)
        return jsonify(story_json.draft_json(draft, workspace.store.events_of(draft.document.doc_id)))

    @views.post("/stories")
    def save_story() -> tuple[Response, int]:
        story = checked_story(_json(), workspace.event_types, workspace.settings.max_story_chars)
        story = _as_kept(workspace, story)
        receipt = workspace.save_story(story.document, story.events)
        remembered = workspace.remember(story.document, story.choices) if story.choices else ()
        done = _saved(story, story_json.receipt_json(receipt))
        return jsonify({**done, "remembered": [story_json.choice_json(choice) for choice in remembered]}), 201

    return views


def map_link(events: Sequence[Event]) -> str:
    """The map's permalink with these events and their days in view; where one has no date, with all days.

    Those without a place are in the map's tray wherever it looks.
    """
    points = [(event.place.lon, event.place.lat) for event in events if event.place]
    if not points:
        return "/"
    west, east = min(lon for lon, _ in points), max(lon for lon, _ in points)
    south, north = min(lat for _, lat in points), max(lat for _, lat in points)
    # What a phone's map, 390 by 420 px in Web Mercator, shows with room around the outermost events.
    wide_deg = max(east - west, 1e-6) / 350
    high_deg = max(north - south, 1e-6) / 340 / max(0.2, math.cos(math.radians((south + north) / 2)))
    zoom = min(CLOSEST_ZOOM, max(1.0, math.log2(360 / 256 / max(wide_deg, high_deg))))
    view = f"/?map={math.floor(zoom)}/{(south + north) / 2:.4f}/{(west + east) / 2:.4f}"
    spans = [event.when for event in events if event.when]
    if len(spans) < len(events):
        return view
    return f"{view}&datetime={min(span.start for span in spans)}/{max(span.end for span in spans)}"


def _review_page(workspace: Workspace, doc_id: str) -> str:
    settings = workspace.settings
    page = {
        "doc_id": doc_id,
        "types": story_json.types_json(workspace.event_types),
        "max_chars": settings.max_story_chars,
        "max_bytes": settings.max_upload_bytes,
        "max_events": MAX_EVENTS,
        "suffixes": SUFFIXES,
        "max_import_bytes": settings.max_import_bytes,
        "basemap": basemap_of(settings).options(),
        "file_suffixes": FILE_SUFFIXES,
        "fetch_urls": settings.fetch_urls,
        "radii": DEFAULT_RADIUS_M,
        "sure": SURE,
    }
    return render_template("story.html", page=page, doc_id=doc_id)


@dataclass(frozen=True, slots=True)
class _Given:
    """What a person gave to be read: pasted text, or a file's bytes and name."""

    data: bytes | str
    name: str
    meta: StoryMeta

    def read(self, workspace: Workspace) -> StoryDraft:
        meta = self.meta
        return workspace.read_story(
            self.data,
            self.name,
            title=meta.title,
            url=meta.url,
            publisher=meta.publisher,
            published=meta.published,
        )


def _read(workspace: Workspace) -> StoryDraft:
    """The story of the request. Of a story kept before, what is not given now is taken from there."""
    given = _given(workspace.settings)
    draft = given.read(workspace)
    try:
        kept = workspace.store.document(draft.document.doc_id).source
    except NotFound:
        return draft
    meta = given.meta
    whole = StoryMeta(
        title=meta.title or kept.title,
        url=meta.url or kept.url,
        publisher=meta.publisher or kept.publisher,
        published=meta.published or kept.published,
    )
    return draft if whole == meta else replace(given, meta=whole).read(workspace)


def _given(settings: Settings) -> _Given:
    """JSON, or a form with `text` or an uploaded `file`."""
    if request.is_json:
        fields, upload = Fields(_json(), "the request"), None
        meta = StoryMeta.from_fields({name: fields.text(name, 10_000) for name in StoryMeta.__slots__})
        text = fields.exact("text", settings.max_upload_bytes)
    else:
        upload = request.files.get("file")
        meta = StoryMeta.from_fields({name: request.form.get(name, "") for name in StoryMeta.__slots__})
        text = request.form.get("text", "")
    if upload is not None and upload.filename:
        data, name = _uploaded(upload)
        return _Given(data, name, meta)
    if not text.strip():
        raise UsageError("There is no text to read; accepted: a story pasted as text, or a file: " + STORY_FILES)
    text = text.replace("\r\n", "\n")  # the line ends of a form
    most = settings.max_story_chars
    if len(text) > most:
        raise UsageError(f"The story has {len(text):,} characters; accepted: at most {most:,}. Paste a part of it.")
    return _Given(text, "story.txt", meta)


def _uploaded(upload: FileStorage) -> tuple[bytes, str]:
    name = PurePath((upload.filename or "").replace("\\", "/")).name
    if not name.lower().endswith(SUFFIXES):
        raise UsageError(f"The file {shown(name)} is of no kind that is read here; accepted: {STORY_FILES}")
    data = upload.read()
    if not data.strip():
        raise UsageError(f"The file {shown(name)} is empty; accepted: a story as {STORY_FILES}")
    return data, name


def _as_kept(workspace: Workspace, story: CheckedStory) -> CheckedStory:
    """The story with what only the store knows of it; refuses another text or another story's events under its ids."""
    store = workspace.store
    taken_back = []
    for event in story.events:
        try:
            before = store.get(event.event_id)
        except NotFound:
            continue
        if before.doc_id != story.document.doc_id:
            raise UsageError(f"event_id {shown(event.event_id)} is another story's; read this story again")
        if event.status is Status.DRAFT and before.status is not Status.DRAFT:
            taken_back.append(event.event_id)
    try:
        kept: Document = store.document(story.document.doc_id)
    except NotFound:
        return story
    if kept.text != story.document.text:
        raise UsageError("another text is kept under this story's id; read the story again, then save it")
    if taken_back:
        # `save` lets no draft overwrite a person's word; here it is a person who takes the word back.
        store.set_status(taken_back, Status.DRAFT)
    return replace(story, document=replace(story.document, sample=kept.sample))


def _saved(story: CheckedStory, receipt: dict[str, Any]) -> dict[str, Any]:
    """What became of the story's events, and where they can be seen."""
    shown_events = [event for event in story.events if event.status is not Status.REJECTED]
    return {
        "doc_id": story.document.doc_id,
        "kept": len(shown_events),
        "reviewed": sum(event.status is Status.REVIEWED for event in shown_events),
        "draft": sum(event.status is Status.DRAFT for event in shown_events),
        "rejected": len(story.events) - len(shown_events),
        "undated": sum(event.when is None for event in shown_events),
        "unplaced": sum(event.place is None for event in shown_events),
        "receipt": receipt,
        "map_url": map_link(shown_events),
    }


def _json() -> object:
    body = request.get_json(silent=True)
    if body is None:
        raise UsageError("The request's body cannot be read; accepted: JSON in UTF-8, as application/json")
    return body
