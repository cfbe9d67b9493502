"""The write API, the change feed and the feeds of views as OpenAPI has them: the routes of mapping/views."""

from mapping.api.definition import (
    GEOJSON,
    JSON,
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
from mapping.api.parameters import filters

TOKEN: Document = {
    "type": "http",
    "scheme": "bearer",
    "description": "A token of `python -m geodata tokens add`; scope write, or review for what a person has reviewed.",
}
SECURED: list[dict[str, list[str]]] = [{"token": []}]
REFUSED = ("400", "401", "403", "413", "415", "422", "429")
_TEXT: Document = {"type": "string"}
_COUNT: Document = {"type": "integer", "minimum": 0}
_MOST_FEATURES = 2_000
_KEY = parameter(
    "Idempotency-Key",
    {"type": "string", "maxLength": 255},
    "a name of this request: sent again within 24 hours, it gets the same answer and does nothing twice",
    where="header",
)
_IF_MATCH = parameter(
    "If-Match", _TEXT, "the ETag of the version that is changed, or * for whatever it is now", where="header"
)
_ETAG: Document = {"ETag": {"description": "names this version of it", "schema": _TEXT}}
_LOCATION: Document = {"Location": {"description": "its address", "schema": {"type": "string", "format": "uri"}}}


def writing_paths(api: Api) -> Described:
    """See `PathProvider`."""
    item = f"{_ITEMS}/{{id}}"
    return Described(
        {
            _ITEMS: {"post": _add_events()},
            item: {"put": _put_event(), "patch": _patch_event(), "delete": _delete_event()},
            "/stories": {"post": _add_story()},
            "/stories/{id}": {"put": _put_story(), "delete": _delete_story()},
        },
        {
            "securitySchemes": {"token": TOKEN},
            "schemas": {"eventToWrite": _to_write(api), "storyToRead": _STORY, "storyRead": _STORY_READ},
        },
    )


def following_paths(api: Api) -> Described:
    """See `PathProvider`."""
    feed = [*filters(list(api.types)), _limit(50, 200), parameter("before", _COUNT, "as the next link has it")]
    return Described(
        {
            "/changes": {"get": _changes()},
            "/feeds/events.atom": {
                "get": operation(
                    "getAtomFeed",
                    "the events of a view as an Atom feed, the latest changed first",
                    feed,
                    {"200": answer("the feed", {"application/atom+xml": _TEXT})},
                )
            },
            "/feeds/events.json": {
                "get": operation(
                    "getJsonFeed",
                    "the same as JSON Feed 1.1",
                    feed,
                    {"200": answer("the feed", {"application/feed+json": {"type": "object"}})},
                )
            },
        },
        {"schemas": {"change": _CHANGE}},
    )


_ITEMS = "/collections/events/items"


def _add_events() -> Document:
    one_or_many: Document = {
        "oneOf": [
            ref("eventToWrite"),
            {
                "type": "object",
                "required": ["type", "features"],
                "properties": {
                    "type": {"type": "string", "enum": ["FeatureCollection"]},
                    "features": {
                        "type": "array",
                        "items": ref("eventToWrite"),
                        "minItems": 1,
                        "maxItems": _MOST_FEATURES,
                    },
                },
            },
        ]
    }
    return _secured(
        "addEvents",
        "add an event, or all of a collection or none",
        [_KEY],
        {"201": answer("added", {GEOJSON: ref("feature"), JSON: {"type": "object"}}, headers={**_ETAG, **_LOCATION})},
        (*REFUSED, "409"),
        one_or_many,
    )


def _put_event() -> Document:
    answers = {
        "200": answer("the event as it is now", {GEOJSON: ref("feature")}, headers=_ETAG),
        "201": answer("the event, which was not there", {GEOJSON: ref("feature")}, headers={**_ETAG, **_LOCATION}),
    }
    problems = (*REFUSED, "409", "412", "428")
    parameters = [_ID, _IF_MATCH, _KEY]
    return _secured(
        "putEvent", "replace an event, or add it under this id", parameters, answers, problems, ref("eventToWrite")
    )


def _patch_event() -> Document:
    body: Document = {
        "required": True,
        "content": {"application/merge-patch+json": {"schema": {"type": "object"}}},
    }
    return operation(
        "patchEvent",
        "change what of an event a merge patch names (RFC 7386)",
        [_ID, _IF_MATCH, _KEY],
        {"200": answer("the event as it is now", {GEOJSON: ref("feature")}, headers=_ETAG)},
        (*REFUSED, "404", "409", "412", "428"),
        requestBody=body,
        security=SECURED,
    )


def _delete_event() -> Document:
    return operation(
        "deleteEvent",
        "remove an event; its history stays",
        [_ID, _IF_MATCH, _KEY],
        {"204": {"description": "removed"}},
        ("400", "401", "403", "404", "409", "412", "422", "428", "429"),
        security=SECURED,
    )


def _add_story() -> Document:
    answers = {
        "201": answer("the story and its drafts", {JSON: ref("storyRead")}, headers={**_ETAG, **_LOCATION}),
        "200": answer("it was there with this text, and was read again", {JSON: ref("storyRead")}, headers=_ETAG),
    }
    return _secured("addStory", "read a story to drafts, and keep both", [_KEY], answers, (*REFUSED, "409"), _STORY_REF)


def _put_story() -> Document:
    answers = {
        "200": answer("read again", {JSON: ref("storyRead")}, headers=_ETAG),
        "201": answer("the story, which was not there", {JSON: ref("storyRead")}, headers=_ETAG),
    }
    problems = (*REFUSED, "412", "428")
    summary = "replace a story's text, or add it under this id"
    return _secured("putStory", summary, [_ID, _IF_MATCH, _KEY], answers, problems, _STORY_REF)


def _delete_story() -> Document:
    return operation(
        "deleteStory",
        "remove a story and its events; their history stays",
        [_ID, _IF_MATCH, _KEY],
        {"200": answer("what was removed", {JSON: {"type": "object"}})},
        ("400", "401", "403", "404", "412", "422", "428", "429"),
        security=SECURED,
    )


def _secured(
    operation_id: str,
    summary: str,
    parameters: list[Document],
    answers: dict[str, Document],
    problems: tuple[str, ...],
    schema: Document,
) -> Document:
    kind = JSON if schema is _STORY_REF else GEOJSON
    body = {"required": True, "content": {kind: {"schema": schema}}}
    return operation(operation_id, summary, parameters, answers, problems, requestBody=body, security=SECURED)


def _changes() -> Document:
    page: Document = {
        "type": "object",
        "required": ["changes", "cursor", "more"],
        "properties": {
            "changes": {"type": "array", "items": ref("change")},
            "cursor": {"type": "string", "description": "`since` of the next request"},
            "more": {"type": "boolean", "description": "whether there are more already"},
            "leftOut": {**_COUNT, "description": "changes of events that may not be passed on"},
        },
    }
    parameters = [
        parameter("since", _TEXT, "a cursor of an earlier answer, a version, or `now`; without it from the beginning"),
        _limit(100, 1000),
        parameter("wait", {"type": "integer", "minimum": 0, "maximum": 25}, "seconds to wait where there is none yet"),
        parameter("f", {"type": "string", "enum": ["json"]}),
    ]
    return operation(
        "getChanges",
        "what became of the events since a cursor, in order",
        parameters,
        {"200": answer("the changes", {JSON: page})},
        ("400", "410", *TOKENS),
        security=SEES_ALL,
    )


def _limit(usual: int, most: int) -> Document:
    schema = {"type": "integer", "minimum": 1, "maximum": most, "default": usual}
    return parameter("limit", schema, "how many a page; a larger number is taken as the largest")


def _to_write(api: Api) -> Document:
    properties: Document = {
        "type": "object",
        "required": ["event_type"],
        "description": "As an item has them; others are kept as text.",
        "properties": {
            "event_type": {"type": "string", "enum": list(api.types)},
            "title": {"type": "string", "maxLength": 300},
            "start": {"type": "string", "description": "a day, month or year (ISO 8601)", "maxLength": 40},
            "end": {"type": "string", "maxLength": 40},
        },
        "additionalProperties": True,
    }
    return {
        "type": "object",
        "required": ["type", "properties"],
        "properties": {
            "type": {"type": "string", "enum": ["Feature"]},
            "id": _TEXT,
            "geometry": {"allOf": [ref("point")], "nullable": True},
            "properties": properties,
            "when": {"type": "object"},
        },
    }


_ID = parameter("id", _TEXT, "its id", where="path")
_STORY_REF = ref("storyToRead")
_STORY: Document = {
    "type": "object",
    "description": "Either text or html; the other fields are what is known of it.",
    "properties": {
        **dict.fromkeys(("text", "html", "id", "title", "url", "publisher"), _TEXT),
        "published": {"type": "string", "format": "date"},
    },
}
_STORY_READ: Document = {
    "type": "object",
    "required": ["id", "events"],
    "properties": {
        "id": _TEXT,
        "notes": {"type": "array", "items": _TEXT},
        **dict.fromkeys(("added", "changed", "unchanged", "removed"), _COUNT),
        "events": {"type": "object", "description": "the drafts, as a FeatureCollection"},
    },
}
_CHANGE: Document = {
    "type": "object",
    "required": ["change", "id", "version", "time", "cursor"],
    "properties": {
        "change": {"type": "string", "enum": ["added", "changed", "removed"]},
        "id": _TEXT,
        "version": _COUNT,
        "time": {"type": "string", "format": "date-time"},
        "cursor": _TEXT,
        "mergedInto": _TEXT,
        "feature": {
            "type": "object",
            "nullable": True,
            "description": "the event as it is today; null: it is there no more",
        },
    },
}
