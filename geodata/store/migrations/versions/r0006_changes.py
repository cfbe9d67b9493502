"""Rows removed are kept by version, for the index in memory; events in order of day and row; positions to 1 cm."""

import sqlalchemy as sa
from alembic import op

from geodata.errors import StoreError
from geodata.store.migrations import postgis

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# A writing call moves the version on as its last statement, so that what it removes is of the version to come.
FORGOTTEN = """CREATE TRIGGER events_forgotten AFTER DELETE ON events BEGIN
    INSERT OR IGNORE INTO removed_rows (version, row_id)
    SELECT value + 1, old.row_id FROM meta WHERE name = 'version'; END"""
DECIMALS = 7
BATCH = 10_000


def upgrade() -> None:
    op.create_table(
        "removed_rows",
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("row_id", sa.Integer, primary_key=True, autoincrement=False),
        sqlite_with_rowid=False,
    )
    op.drop_index("events_latest_first")
    op.create_index("events_latest_first", "events", [sa.text("start_day DESC")])
    if op.get_bind().dialect.name == "sqlite":
        op.execute(FORGOTTEN)
    if postgis.is_postgis():
        postgis.create_telling()
    round_positions()


def round_positions() -> None:
    """What is finer than 1 cm was no knowledge; rounded in Python, whose rounding is the one of every later write."""
    connection = op.get_bind()
    events = sa.table("events", *map(sa.column, ("row_id", "lon", "lat")))
    found = connection.execute(sa.select(*events.c).where(events.c.lon.is_not(None))).yield_per(BATCH)
    finer = [
        {"row": row, "x": round(lon, DECIMALS), "y": round(lat, DECIMALS)}
        for row, lon, lat in found
        if (lon, lat) != (round(lon, DECIMALS), round(lat, DECIMALS))
    ]
    if finer:
        change = sa.update(events).where(events.c.row_id == sa.bindparam("row"))
        connection.execute(change.values(lon=sa.bindparam("x"), lat=sa.bindparam("y")), finer)


def downgrade() -> None:
    raise StoreError("a store is not taken back to an older schema; restore a backup instead")
