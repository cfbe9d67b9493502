"""OGC API - Features as OpenAPI has it: the routes of mapping/views/ogc.py."""

from geodata.allowed import MOST_KM
from mapping.api.definition import (
    GEOJSON,
    HTML,
    JSON,
    OPENAPI,
    SCHEMA,
    SEES_ALL,
    TOKENS,
    Api,
    Described,
    Document,
    answer,
    operation,
    parameter,
    ref,
)
from mapping.api.parameters import filters, form, paging
from mapping.api.schemas import COMPONENTS

OBJECT: Document = {"type": "object"}
ANYTHING: Document = {}
PAGE: Document = {"type": "string"}


def feature_paths(api: Api) -> Described:
    """See `PathProvider`."""
    return Described(
        {
            "/": {"get": _document("getLandingPage", "the landing page", schema=ref("landingPage"))},
            "/conformance": {
                "get": _document("getConformance", "the standards that it conforms to", schema=ref("confClasses"))
            },
            "/api": {"get": _document("getDefinition", "this document", OPENAPI)},
            "/collections": {"get": _document("getCollections", "the collections", schema=ref("collections"))},
            "/collections/events": {
                "get": _document("describeEvents", "the collection of events", schema=ref("collection"))
            },
            "/collections/events/schema": {
                "get": _document("getSchema", "what an event holds, as JSON Schema", SCHEMA, ref("jsonSchema"))
            },
            "/collections/events/queryables": {
                "get": _document("getQueryables", "what filters can ask", SCHEMA, ref("jsonSchema"))
            },
            "/collections/events/items": {"get": _items(api)},
            "/collections/events/items/{id}": {"get": _item()},
        },
        {"schemas": COMPONENTS},
    )


def _document(operation_id: str, summary: str, kind: str = JSON, schema: Document = OBJECT) -> Document:
    contents = {kind: schema, HTML: PAGE}
    return operation(operation_id, summary, [form("json", "html")], {"200": answer(summary, contents)}, ("400",))


def _items(api: Api) -> Document:
    forms = form(*api.formats)
    parameters = [*filters(list(api.types)), *paging(api.limit, api.most), forms, *_FILES]
    others = {media.partition(";")[0]: ANYTHING for media in api.formats.values()}
    contents = {**others, GEOJSON: ref("features"), HTML: PAGE}
    answers = {"200": answer("events", contents)}
    return operation("getEvents", "events", parameters, answers, ("400", *TOKENS), security=SEES_ALL)


def _item() -> Document:
    which = parameter("id", {"type": "string"}, "the event's id", where="path")
    return operation(
        "getEvent",
        "one event",
        [which, form("json", "html", "geojson")],
        {"200": answer("the event", {GEOJSON: ref("feature"), HTML: PAGE})},
        ("400", "404", *TOKENS),
        security=SEES_ALL,
    )


_FILES = (
    parameter("download", {"type": "string", "enum": ["1", "true"]}, "answer as a file to keep, all of it"),
    parameter("areas", {"type": "string", "enum": ["point", "circle"]}, "draw places as wide as they are known"),
    parameter("generalise", {"type": "integer", "minimum": 0, "maximum": MOST_KM}, "round positions to so many km"),
)
