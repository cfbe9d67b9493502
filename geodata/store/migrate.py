"""Brings a store to the schema this version knows, with Alembic, from any working folder and without its console."""

import threading
from pathlib import Path

from sqlalchemy import Connection, inspect
from sqlalchemy.exc import DBAPIError

from geodata.errors import StoreError
from geodata.store.backend import Backend
from geodata.store.schema import HEAD

SCRIPTS = Path(__file__).parent / "migrations"
OF_POSTGIS = frozenset({"spatial_ref_sys", "raster_columns", "raster_overviews"})
"""Tables that a database with the extension PostGIS has from the start."""
_ALEMBIC_IS_GLOBAL = threading.Lock()  # its `context` and `op` are of the whole process


def bring_up_to_date(backend: Backend) -> None:
    """Make the tables, or upgrade them, in one transaction. StoreError: not ours, or from a newer version."""
    try:
        with backend.engine.connect() as connection:
            if _revision(connection) == HEAD:
                return
        writing = backend.engine.execution_options(writes=True)
        with _ALEMBIC_IS_GLOBAL, writing.begin() as connection:
            _upgrade(connection)
    except DBAPIError as error:
        raise StoreError(backend.explain(error)) from error


def _revision(connection: Connection) -> str | None:
    """The schema revision of a store; None for an empty database."""
    names = [name for name in inspect(connection).get_table_names() if name not in OF_POSTGIS]
    if "alembic_version" in names:
        found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
        return None if found is None else str(found)
    if names:
        where = connection.engine.url.database
        raise StoreError(f"{where} holds other tables ({', '.join(names[:3])}) and is no store of Dateline's")
    return None


def _upgrade(connection: Connection) -> None:
    # Alembic takes a tenth of a second to import, so only a store that needs it pays.
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    known = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    found = _revision(connection)
    if found is not None and found not in known:
        where = connection.engine.url.database
        raise StoreError(
            f"the store {where} was made by a newer version of Dateline (schema {found}; this version knows up to "
            f"{HEAD}); update Dateline to open it"
        )
    if connection.dialect.name == "postgresql":
        from geodata.store.migrations import postgis

        postgis.prepare(connection)
        with postgis.sorted_by_code_point():
            command.upgrade(config, "head")
        return
    command.upgrade(config, "head")
