"""The composition root: what `Settings` names, the blueprints and the safety rules, put together into one Flask app.

Each blueprint comes from a factory that is given the workspace; a new part of the site is one line in `BLUEPRINTS`.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

from flask import Blueprint, Flask

from geodata.contracts import Workspace
from geodata.jobs.desk import ImportDesk
from geodata.jobs.drafts import TableDesk
from geodata.settings import Settings
from geodata.workspace import DatelineWorkspace, open_workspace
from mapping import assets, compression, security
from mapping.exporters import further_exporters
from mapping.views import errors
from mapping.views.batch import batch_blueprint
from mapping.views.changes import changes_blueprint
from mapping.views.duplicates import duplicates_blueprint
from mapping.views.events import events_blueprint
from mapping.views.feeds import feeds_blueprint
from mapping.views.files import files_blueprint
from mapping.views.imports import imports_blueprint
from mapping.views.map import map_blueprint
from mapping.views.ogc import ogc_blueprint
from mapping.views.places import places_blueprint
from mapping.views.stories import stories_blueprint
from mapping.views.tables import tables_blueprint
from mapping.views.writing import writing_blueprint

BlueprintFactory = Callable[[Workspace], Blueprint]
BLUEPRINTS: Mapping[str, BlueprintFactory] = {
    "map": map_blueprint,
    "events": events_blueprint,
    "stories": stories_blueprint,
    "batch": batch_blueprint,
    "duplicates": duplicates_blueprint,
    "places": places_blueprint,
    "ogc": ogc_blueprint,
    "writing": writing_blueprint,
    "changes": changes_blueprint,
    "feeds": feeds_blueprint,
    "files": files_blueprint,
}


def create_app(settings: Settings | None = None, workspace: DatelineWorkspace | None = None) -> Flask:
    """The site over `workspace`, or over the one that `settings` (by default the environment's) names."""
    if workspace is None:
        workspace = open_workspace(settings or Settings.from_environment())
    settings = settings or workspace.settings
    workspace.add_exporters(further_exporters(workspace))
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = settings.max_upload_bytes
    app.config["MAX_FORM_MEMORY_SIZE"] = settings.max_upload_bytes
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.extensions["dateline"] = workspace
    compression.register(app)
    assets.register(app, Path(app.root_path) / "static")
    security.protect(app, settings)
    errors.register(app)
    app.jinja_env.globals["site_title"] = settings.title
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    for make in BLUEPRINTS.values():
        app.register_blueprint(make(workspace))
    imports = app.extensions["dateline-imports"] = ImportDesk(workspace)
    drafts = TableDesk(workspace, imports)
    app.register_blueprint(imports_blueprint(workspace, imports, drafts))
    app.register_blueprint(tables_blueprint(workspace, drafts))
    return app
