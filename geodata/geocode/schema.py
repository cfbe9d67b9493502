"""The gazetteer file's tables. One SQLite file, written once, then only read."""

VERSION = "2"
"""Of the tables and of how they are filled: raising it makes every gazetteer be built anew."""

TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE places (
    id INTEGER PRIMARY KEY,
    place_id TEXT NOT NULL,
    name TEXT NOT NULL,
    lon REAL NOT NULL, lat REAL NOT NULL,
    feature TEXT NOT NULL,
    precision TEXT NOT NULL,
    country TEXT NOT NULL,
    admin1 INTEGER REFERENCES places, admin2 INTEGER REFERENCES places,
    population INTEGER NOT NULL,
    radius_m REAL NOT NULL,
    west REAL, south REAL, east REAL, north REAL
);
-- rank: prominence 0..1000, here too so that a search need not visit every place that shares a beginning.
CREATE TABLE names (
    fold TEXT NOT NULL, place INTEGER NOT NULL REFERENCES places, kind INTEGER NOT NULL, rank INTEGER NOT NULL,
    PRIMARY KEY (fold, place)
) WITHOUT ROWID;
CREATE VIRTUAL TABLE points USING rtree (id, west, east, south, north);
"""

INDEXES = """
CREATE INDEX names_by_place ON names (place);
CREATE UNIQUE INDEX places_by_place_id ON places (place_id);
CREATE INDEX places_by_admin2 ON places (admin2);
CREATE INDEX places_by_admin1 ON places (admin1);
CREATE INDEX places_by_country ON places (country, feature);
"""
