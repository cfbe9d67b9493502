"""The query's parameters as OpenAPI has them: those of `EventQuery`, of paging, and of forms."""

from collections.abc import Sequence

from geodata.model import Precision, Status
from geodata.query.cql2 import CRS84, LANGUAGES, MOST_CHARS
from geodata.query.params import MAX_TEXT_CHARS, MOST_FATALITIES
from geodata.shapes import ACCEPTED_CIRCLE, ACCEPTED_POLYGON, MOST_CORNERS
from mapping.api.definition import Document, parameter

MOST_OFFSET = 1_000_000_000
CURSOR = r"^([0-9]{4}-[0-9]{2}-[0-9]{2}|undated),[0-9]{1,18}$"


def form(*names: str) -> Document:
    """The parameter `f` of a route that answers in these forms; without it the Accept header decides."""
    said = "the form of the answer; without it the Accept header says"
    return parameter("f", {"type": "string", "enum": list(names)}, said)


def filters(types: Sequence[str]) -> list[Document]:
    """What narrows the events, in the order of `query.PARAMETERS`."""
    share = {"type": "string", "enum": ["include", "exclude", "only"], "default": "include"}
    box = {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 6}
    names = {"type": "array", "items": {"type": "string", "maxLength": MAX_TEXT_CHARS}}
    days = "a day, month, year or instant, or an interval A/B of them; '..' leaves an end open"
    return [
        parameter("bbox", box, "west,south,east,north in degrees (CRS84); west > east crosses the antimeridian", True),
        parameter("datetime", {"type": "string"}, days),
        parameter("type", {"type": "array", "items": {"type": "string", "enum": list(types)}}, "event types", True),
        parameter("sub_type", names, "sub-types", True),
        parameter("q", {"type": "string", "maxLength": MAX_TEXT_CHARS}, "words of the title, quote or place"),
        parameter("precision", {"type": "string", "enum": list(Precision)}, "the least exact precision wanted"),
        parameter(
            "status",
            {"type": "array", "items": {"type": "string", "enum": list(Status)}},
            "what a person said of it; without it all but rejected",
            True,
        ),
        parameter("undated", share, "what becomes of events without a date, which datetime alone does not drop"),
        parameter("unplaced", share, "what becomes of events without a place, which bbox alone does not drop"),
        *_further(names),
    ]


def _further(names: Document) -> list[Document]:
    numbers = {"type": "array", "items": {"type": "number"}}
    text = {"type": "string", "maxLength": MAX_TEXT_CHARS}
    codes = {"type": "array", "items": {"type": "string", "pattern": "^[A-Za-z]{2}$"}}
    dates = {"type": "string", "enum": ["possibly", "surely"], "default": "possibly"}
    return [
        parameter("near", {**numbers, "minItems": 3, "maxItems": 3}, f"a circle: {ACCEPTED_CIRCLE}", True),
        parameter("polygon", {**numbers, "minItems": 6, "maxItems": 2 * MOST_CORNERS}, ACCEPTED_POLYGON, True),
        parameter("country", codes, "countries of the events' places, ISO 3166-1 alpha-2", True),
        parameter("admin1", text, "the first-level area of the events' places, by name; with its country"),
        parameter("source", names, "publishers, each in full; one a parameter"),
        parameter("actor", text, "words of an actor"),
        parameter(
            "fatalities",
            {"type": "integer", "minimum": 0, "maximum": MOST_FATALITIES},
            "the least number of deaths",
        ),
        parameter("dates", dates, "whether some day or every day that an event can have happened on lies in datetime"),
        *_cql2(),
    ]


def _cql2() -> list[Document]:
    said = "a filter in CQL2 of the queryables, as event_type = 'Battles' AND t_after(datetime, DATE('2022-03-01'))"
    return [
        parameter("filter", {"type": "string", "maxLength": MOST_CHARS}, said),
        parameter("filter-lang", {"type": "string", "enum": list(LANGUAGES), "default": LANGUAGES[0]}),
        parameter("filter-crs", {"type": "string", "enum": [CRS84[0]], "default": CRS84[0]}),
    ]


def paging(limit: int, most: int) -> list[Document]:
    """Pages are followed by their links; `offset` is for links of before."""
    cursor = {"type": "string", "pattern": CURSOR}
    return [
        parameter(
            "limit",
            {"type": "integer", "minimum": 1, "maximum": most, "default": limit},
            "events a page; a larger number is taken as the largest",
        ),
        parameter("after", cursor, "the page behind an event: its first day and number, as the next link has them"),
        parameter("before", cursor, "the page before an event, as the prev link has it"),
        parameter(
            "offset",
            {"type": "integer", "minimum": 0, "maximum": MOST_OFFSET, "default": 0},
            "events to pass over; the next link is steadier where events are added meanwhile",
        ),
    ]
