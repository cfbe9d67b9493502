"""The fixed documents of the OGC API: landing page, conformance, and the API's definition as OpenAPI 3.0."""

from collections.abc import Mapping, Sequence

from geodata.model import Precision, Status
from geodata.query.params import MAX_TEXT_CHARS
from geodata.shapes import ACCEPTED_CIRCLE, ACCEPTED_POLYGON, MOST_CORNERS

GEOJSON = "application/geo+json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
_PART1 = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf"
CONFORMANCE = [f"{_PART1}/core", f"{_PART1}/oas30", f"{_PART1}/geojson"]

Document = Mapping[str, object]


def link(href: str, rel: str, media_type: str, title: str) -> Mapping[str, str]:
    """A link object (OGC API - Features 7.2)."""
    return {"href": href, "rel": rel, "type": media_type, "title": title}


def landing(root: str, title: str) -> Document:
    """The landing page; `root` is the site's address without a slash at its end."""
    return {
        "title": title,
        "description": "News stories as dated, typed, located events: OGC API - Features.",
        "links": [
            link(f"{root}/?f=json", "self", "application/json", "this document"),
            link(f"{root}/", "alternate", "text/html", "the map"),
            link(f"{root}/api", "service-desc", OPENAPI, "the definition of the API"),
            link(f"{root}/conformance", "conformance", "application/json", "what it conforms to"),
            link(f"{root}/collections", "data", "application/json", "the collections"),
        ],
    }


def openapi(root: str, title: str, types: Sequence[str], limit: int, most: int) -> Document:
    """The definition: each route with its parameters, as many as the routes check."""
    return {
        "openapi": "3.0.3",
        "info": {"title": title, "version": "1.0.0"},
        "servers": [{"url": root}],
        "paths": {
            "/": _route("landing page", [_parameter("f", {"type": "string", "enum": ["json", "html"]})]),
            "/conformance": _route("conformance classes", [_json()]),
            "/api": _route("this document", [_json()]),
            "/collections": _route("the collections", [_json()]),
            "/collections/events": _route("the collection of events", [_json()]),
            "/collections/events/items": _route("events", [*_filters(types), *_paging(limit, most)], GEOJSON, ("400",)),
            "/collections/events/items/{id}": _route(
                "one event",
                [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}, _json()],
                GEOJSON,
                ("400", "404"),
            ),
        },
    }


def _route(
    summary: str, parameters: Sequence[Document], media: str = "application/json", errors: Sequence[str] = ("400",)
) -> Document:
    answers: dict[str, object] = {"200": {"description": summary, "content": {media: {"schema": {"type": "object"}}}}}
    for code in errors:
        problem = {"application/problem+json": {"schema": {"type": "object"}}}
        answers[code] = {"description": "what was wrong and what is accepted", "content": problem}
    return {"get": {"summary": summary, "parameters": list(parameters), "responses": answers}}


def _parameter(name: str, schema: Document, description: str = "", listed: bool = False) -> Document:
    made: dict[str, object] = {"name": name, "in": "query", "required": False, "schema": schema}
    if listed:
        made |= {"style": "form", "explode": False}
    return {**made, "description": description} if description else made


def _json() -> Document:
    return _parameter("f", {"type": "string", "enum": ["json"]})


def _filters(types: Sequence[str]) -> list[Document]:
    share = {"type": "string", "enum": ["include", "exclude", "only"], "default": "include"}
    box = {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 6}
    names = {"type": "array", "items": {"type": "string"}}
    return [
        _parameter("bbox", box, "west,south,east,north in degrees; west > east crosses the antimeridian", True),
        _parameter("datetime", {"type": "string"}, "a day, month, year or interval A/B; '..' leaves an end open"),
        _parameter("type", {"type": "array", "items": {"type": "string", "enum": list(types)}}, "event types", True),
        _parameter("sub_type", names, "sub-types", True),
        _parameter("q", {"type": "string", "maxLength": 200}, "words of the title, quote or place"),
        _parameter("precision", {"type": "string", "enum": list(Precision)}, "the least exact precision wanted"),
        _parameter("status", {"type": "array", "items": {"type": "string", "enum": list(Status)}}, "", True),
        _parameter("undated", share, "what becomes of events without a date"),
        _parameter("unplaced", share, "what becomes of events without a place"),
        *_further_filters(names),
    ]


def _further_filters(names: Document) -> list[Document]:
    numbers = {"type": "array", "items": {"type": "number"}}
    text = {"type": "string", "maxLength": MAX_TEXT_CHARS}
    codes = {"type": "array", "items": {"type": "string", "pattern": "^[A-Za-z]{2}$"}}
    return [
        _parameter("near", {**numbers, "minItems": 3, "maxItems": 3}, f"a circle: {ACCEPTED_CIRCLE}", True),
        _parameter("polygon", {**numbers, "minItems": 6, "maxItems": 2 * MOST_CORNERS}, ACCEPTED_POLYGON, True),
        _parameter("country", codes, "countries of the events' places, ISO 3166-1 alpha-2", True),
        _parameter("admin1", text, "the first-level area of the events' places, by name; with its country"),
        {**_parameter("source", names, "publishers, each in full; one a parameter"), "style": "form", "explode": True},
        _parameter("actor", text, "words of an actor"),
        _parameter("fatalities", {"type": "integer", "minimum": 0}, "the least number of deaths"),
        _parameter(
            "dates",
            {"type": "string", "enum": ["possibly", "surely"], "default": "possibly"},
            "whether some day or every day that an event can have happened on lies in datetime",
        ),
    ]


def _paging(limit: int, most: int) -> list[Document]:
    return [
        _parameter("limit", {"type": "integer", "minimum": 1, "maximum": most, "default": limit}),
        _parameter("offset", {"type": "integer", "minimum": 0, "default": 0}),
        _parameter("f", {"type": "string", "enum": ["json", "geojson", "csv"]}),
        _parameter("download", {"type": "string", "enum": ["1"]}, "answer as a file to keep, all of it"),
    ]
