"""Imports by the page: files and addresses in, progress, stop, go on; `/imports…`, and `/stories/read-address`."""

from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request, url_for
from werkzeug.datastructures import FileStorage

from geodata.contracts import ImportedFile, Imports, ImportState, ImportView, TableDrafts, Workspace
from geodata.errors import UsageError
from mapping import story_json
from mapping.json_fields import Fields
from mapping.story_form import StoryMeta

MOST_FILES = 5_000
SHOWN = 20
WORDS = {
    ImportState.WAITING: "Waiting for another import to end",
    ImportState.RUNNING: "Reading",
    ImportState.STOPPED: "Stopped",
    ImportState.DONE: "Done",
    ImportState.FAILED: "Failed",
}


def imports_blueprint(workspace: Workspace, imports: Imports, drafts: TableDrafts) -> Blueprint:
    """`/imports…` over the imports of `workspace`."""
    views = Blueprint("imports", __name__)

    @views.get("/imports")
    def list_imports() -> str:
        return render_template("import_list.html", imports=[import_json(view) for view in imports.latest(SHOWN)])

    @views.post("/imports")
    def start() -> tuple[Response, int]:
        request.max_content_length = workspace.settings.max_import_bytes
        request.max_form_parts = MOST_FILES
        address = _address() if request.is_json else request.form.get("address", "").strip()
        files = [] if request.is_json else [each for each in request.files.getlist("file") if each.filename]
        if len(files) == 1 and not address and (draft_id := drafts.take(*_upload(files[0]))):
            return jsonify({"draft_id": draft_id, "url": url_for("tables.page", draft_id=draft_id)}), 201
        import_id = imports.submit([_upload(each) for each in files], [address] if address else [])
        return jsonify({"import_id": import_id, "url": url_for("imports.page", import_id=import_id)}), 201

    @views.get("/imports/<import_id>")
    def page(import_id: str) -> str:
        return render_template("import.html", job=import_json(imports.get(import_id)))

    @views.get("/imports/<import_id>.json")
    def state(import_id: str) -> Response:
        response = jsonify(import_json(imports.get(import_id)))
        response.cache_control.no_store = True
        return response

    @views.post("/imports/<import_id>/<any(stop, resume, remove):action>")
    def act(import_id: str, action: str) -> Response:
        {"stop": imports.stop, "resume": imports.resume, "remove": imports.remove}[action](import_id)
        return jsonify({} if action == "remove" else import_json(imports.get(import_id)))

    @views.post("/stories/read-address")
    def read_address() -> Response:
        meta = StoryMeta.from_fields(request.get_json(silent=True))
        if not meta.url:
            raise UsageError("There is no web address to read; accepted: http://… or https://…")
        found = workspace.read_address(meta.url, title=meta.title, publisher=meta.publisher, published=meta.published)
        if isinstance(found, int):
            return jsonify({"stories": found})
        return jsonify(story_json.draft_json(found, workspace.store.events_of(found.document.doc_id)))

    return views


def import_json(view: ImportView) -> dict[str, Any]:
    """An import as the page shows it."""
    receipt = view.receipt
    return {
        "import_id": view.import_id,
        "state": view.state.value,
        "state_text": WORDS[view.state],
        "made_at": view.made_at.isoformat(timespec="seconds"),
        "name": _name(view),
        "total": view.total,
        "done": min(view.done, view.total) if view.total else view.done,
        "stories": view.stories,
        "known": view.known,
        "events": view.events,
        "problem_count": view.problem_count,
        "problems": [{"where": p.where, "line": p.line, "message": p.message} for p in view.problems],
        "table": view.table,
        "rows": view.rows,
        "done_bytes": view.done_bytes,
        "total_bytes": view.total_bytes,
        "dry_run": view.dry_run,
        "files": [_file_json(file) for file in view.files],
        "receipt": story_json.receipt_json(receipt) if receipt else None,
        "message": view.message,
    }


def _file_json(file: ImportedFile) -> dict[str, Any]:
    made = asdict(file)
    return {**made, "receipt_url": url_for("tables.receipt", table_id=file.table_id) if file.table_id else ""}


def _name(view: ImportView) -> str:
    first = view.names[0] if view.names else "nothing"
    more = len(view.names) - 1
    return f"{first} and {more:,} more" if more > 0 else first


def _address() -> str:
    return Fields(request.get_json(silent=True), "the request").text("address", 2_000)


def _upload(upload: FileStorage) -> tuple[str, Callable[[Path], object]]:
    return upload.filename or "", partial(_save, upload)


def _save(upload: FileStorage, place: Path) -> None:
    upload.stream.seek(0)  # what proved to be no table is written once more, as an import's file
    upload.save(place)
