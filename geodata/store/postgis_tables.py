"""The tables that only a store in PostgreSQL has, as SQLAlchemy sees them; see migrations/postgis.py.

They have a `MetaData` of their own, so that what is the same for all databases holds no trace of them.
"""

from typing import Any

from geoalchemy2 import Geometry
from sqlalchemy import Boolean, Column, Integer, MetaData, String, Table, Text, column
from sqlalchemy.dialects.postgresql import ARRAY, TSVECTOR

from geodata.store.schema import events

local = MetaData()

event_keys = Table(
    "event_keys",
    local,
    Column("event_id", String, primary_key=True),
    Column("row_id", Integer, nullable=False, unique=True),
    Column("start_day", Integer),
)
"""Every event once, whatever partition it is in: what no index of a partitioned table can promise."""

event_text = Table(
    "event_text",
    local,
    Column("row_id", Integer, primary_key=True),
    Column("words", TSVECTOR, nullable=False),
    Column("folded", Text, nullable=False),
    Column("folded_actors", Text, nullable=False),
    Column("names", ARRAY(Text), nullable=False),
    Column("source", Text, nullable=False),
    Column("rejected", Boolean, nullable=False),
    Column("is_partial", Boolean, nullable=False),
)
"""What events are found by: folded words, actors, the name of the first source. See postgis_words.py."""

geom: Any = column("geom", Geometry("POINT", srid=4326), _selectable=events)
"""The position of an event as PostGIS has it, made by the database out of `lon` and `lat`."""
