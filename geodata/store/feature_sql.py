# ruff: noqa: S608 - every name in these statements is ours
"""SQLite's statements that put the texts of GeoJSON features together; what runs them is beside, sqlite_features.py.

A row of `events`, `e`, with one of its sources or none, `s`, is a feature, to the byte as features.py writes it. What
SQLite cannot say the same way Python says in its place: numbers with more than 15 digits, a row's own properties.
Texts that were made ahead (sqlite_ahead.py) are read in their stead.
"""

import hashlib

from geodata.credits import ATTRIBUTION, LICENCE
from geodata.features import ALWAYS, SOMETIMES

FORM = 1
"""Raise it when a feature of ours is written in another way: the texts that are kept are then made anew."""
BETWEEN = "\x1e"
"""Stands between two keys of `credits`; JSON text holds no such character."""


def _number(value: str, is_plain: str) -> str:
    """As Python writes it: SQLite writes 15 digits, so where these may not be all, Python is asked."""
    return f"CASE WHEN {is_plain} THEN {value} ELSE json(python_number({value})) END"


def _degrees(name: str) -> str:
    """`features.degrees_of`, by the same arithmetic."""
    whole = f"CAST({name} * 1e6 + CASE WHEN {name} < 0 THEN -0.5 ELSE 0.5 END AS INTEGER)"
    return _number(f"{whole} / 1e6", f"abs({name}) > 0.001")


def _rounded(name: str, steps: int, below: str) -> str:
    return _number(name, f"{name} < {below} AND CAST({name} * {steps} + 0.5 AS INTEGER) / {steps}.0 = {name}")


def _members(**values: str) -> str:
    """Members of an object without its braces; SQL's NULL is JSON's."""
    pairs = ", ".join(f"'{name}', {value}" for name, value in values.items())
    return f"trim(json_object({pairs}), '{{}}')"


def _known(**values: str) -> str:
    """Members that are left out where they are empty, each after a comma."""
    parts = [
        f"CASE WHEN {value} <> '' THEN ',\"{name}\":' || json_quote({value}) ELSE '' END"
        for name, value in values.items()
    ]
    return " || ".join(parts)


def _spans(*names: str) -> str:
    parts = [
        f"CASE WHEN {name}_start IS NULL THEN '' ELSE "
        f"',\"{name}_start\":' || {name}_start || ',\"{name}_end\":' || {name}_end END"
        for name in names
    ]
    return " || ".join(parts)


def _unless(usual: str, said: str) -> str:
    """Nothing, where it is as with most events; the check costs less than saying nothing member by member."""
    return f"CASE WHEN {usual} THEN '' ELSE {said} END"


_FIRST, _LAST = (f"date({name} + 2440587.5)" for name in ("start_day", "end_day"))  # 1970-01-01 as a Julian day
_POINT = f"""'{{"type":"Point","coordinates":' || json_array({_degrees("lon")}, {_degrees("lat")}) || '}}'"""
_WHAT = _members(
    event_type="event_type",
    sub_event_type="nullif(sub_event_type, '')",
    title="nullif(e.title, '')",
    start=_FIRST,
    end=_LAST,
    date_precision="date_precision",
    place="place_name",
    precision="precision",
    radius_m=_rounded("radius_m", 100, "1e9"),
    country="nullif(country, '')",
    admin1="nullif(admin1, '')",
    quote="nullif(quote, '')",
    status="status",
    confidence=_rounded("confidence", 10_000, "2"),
)
_SOURCE = _members(
    source_url="nullif(s.url, '')",
    source_title="nullif(s.title, '')",
    source_publisher="nullif(s.publisher, '')",
    source_published="s.published",
)
_PLACE = _known(admin2="admin2", place_id="place_id", place_feature="feature")
_POPULATION = _unless("coalesce(population, 0) = 0", "',\"population\":' || population")
_DOCUMENT = _unless(
    "doc_id = '' AND quote_start IS NULL AND when_start IS NULL AND place_start IS NULL",
    f"{_known(doc_id='doc_id')} || {_spans('quote', 'when', 'place')}",
)
_CITED = _unless(
    "s.event_id IS NULL OR (s.retrieved IS NULL AND s.sha256 = '' AND s.archive_url = '')",
    _known(source_retrieved="s.retrieved", source_sha256="s.sha256", source_archive_url="s.archive_url"),
)
_OWN = _unless("properties = '{}'", "own_properties(properties)")
_WHEN = f"""printf(',"when":{{"timespans":[{{"start":{{"in":"%s"}},"end":{{"in":"%s"}}}}]}}', {_FIRST}, {_LAST})"""
_DEATHS = ", ".join(f"coalesce(fatalities_{name}, 'null')" for name in ("low", "best", "high"))
FEATURE = f"""printf('{{"type":"Feature","id":%s,"geometry":%s,"properties":{{%s,"actors":%s,"fatalities_low":%s,'
    || '"fatalities_best":%s,"fatalities_high":%s,"notes":%s,"tags":%s,%s%s%s%s%s%s}}%s}}',
    json_quote(e.event_id), CASE WHEN lon IS NULL THEN 'null' ELSE {_POINT} END, {_WHAT}, actors, {_DEATHS},
    e.notes, tags, {_SOURCE}, {_PLACE}, {_POPULATION}, {_DOCUMENT}, {_CITED}, {_OWN},
    CASE WHEN start_day IS NULL THEN '' ELSE {_WHEN} END)"""
_TERMS = ", ".join(f"coalesce(json_extract(properties, '$.{name}'), '')" for name in (LICENCE, ATTRIBUTION))
_SOURCE_NAME = "CASE WHEN s.publisher <> '' THEN s.publisher WHEN s.url <> '' THEN host_of(s.url) ELSE '' END"
CREDIT = f"CASE WHEN properties = '{{}}' THEN json_quote({_SOURCE_NAME}) ELSE json_array({_SOURCE_NAME}, {_TERMS}) END"
FORMAT = hashlib.sha256(repr((FORM, FEATURE, CREDIT, ALWAYS, SOMETIMES)).encode()).hexdigest()[:16]
"""Texts that are kept with the same are those that would be made now."""
_REACH = (
    "min({0}lon), max({0}lon), min({0}lat), max({0}lat), min(CASE WHEN {0}lon >= 0 THEN {0}lon END), "
    "max(CASE WHEN {0}lon < 0 THEN {0}lon END)"
)
VERSION = "SELECT value FROM meta WHERE name IN ('store_id', 'version') ORDER BY name"
KEPT_TO = f"""SELECT coalesce(max(row_id), 0) FROM feature_texts
    WHERE (SELECT credit FROM feature_texts WHERE row_id = 0) = '{FORMAT}'"""
"""The last row whose text is kept; 0: none, or they are of another form. Row 0, which no event has, says which."""
# `CROSS JOIN` keeps the order of the ids; further sources come right behind the first, marked by 31.
MADE = f"""SELECT CAST(group_concat(CASE WHEN s.position > 0 THEN char(31) || e.row_id ELSE {FEATURE} END,
        ',' || char(10)) AS BLOB), group_concat({CREDIT}, '{BETWEEN}'),
    count(*) - coalesce(sum(s.position > 0), 0), 0, {_REACH.format("")}
    FROM json_each(?) j CROSS JOIN events e ON e.row_id = j.value
    LEFT JOIN event_sources s ON s.event_id = e.event_id"""
"""The texts, what they cite, how many they are and how many are missing, and where they reach."""
KEPT = f"""SELECT CAST(group_concat(coalesce(t.text, char(30) || j.value), ',' || char(10)) AS BLOB),
    group_concat(t.credit, '{BETWEEN}'), count(t.text), count(*) - count(t.text), {_REACH.format("t.")}
    FROM json_each(?) j LEFT JOIN feature_texts t ON t.row_id = j.value"""
"""The same of texts that are kept; where one is not, its row id stands behind 30."""
QUERIES = {"version": VERSION, "kept_to": KEPT_TO, "made": MADE, "kept": KEPT}
