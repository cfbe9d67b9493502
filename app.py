"""The composition root: what `Settings` names, the blueprints and the safety rules, put together into one Flask app.

Each blueprint comes from a factory that is given the workspace; a new part of the site is one line in `BLUEPRINTS`.
"""

from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import find_spec

from flask import Blueprint, Flask

from geodata.contracts import Workspace
from geodata.settings import Settings
from mapping import security
from mapping.views import errors

BlueprintFactory = Callable[[Workspace], Blueprint]
BLUEPRINTS: Sequence[str] = (
    "mapping.views.map:map_blueprint",
    "mapping.views.events:events_blueprint",
    "mapping.views.stories:stories_blueprint",
    "mapping.views.ogc:ogc_blueprint",
    "mapping.views.files:files_blueprint",
)


def create_app(settings: Settings | None = None, workspace: Workspace | None = None) -> Flask:
    """The site over `workspace`, or over the one that `settings` (by default the environment's) names."""
    if workspace is None:
        workspace = import_module("geodata.workspace").open_workspace(settings or Settings.from_environment())
    settings = settings or workspace.settings
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = settings.max_upload_bytes
    app.config["MAX_FORM_MEMORY_SIZE"] = settings.max_upload_bytes
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.extensions["dateline"] = workspace
    security.protect(app, settings)
    errors.register(app)
    app.jinja_env.globals["site_title"] = settings.title
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    for name in BLUEPRINTS:
        module, factory = name.split(":")
        if find_spec(module):
            app.register_blueprint(getattr(import_module(module), factory)(workspace))
    return app
