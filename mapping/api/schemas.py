"""What a feature of ours holds, as JSON Schema; what filters can ask (queryables); and the parts that OpenAPI names."""

from collections.abc import Mapping

from geodata.contracts import EventType
from geodata.model import Precision, Status
from geodata.query.conditions import PROPERTIES, Kind
from geodata.timespan import DatePrecision
from mapping.api.definition import Document

_TEXT: Document = {"type": "string"}
_SAID: Mapping[str, str] = {
    "event_type": "The type, of the taxonomy.",
    "sub_event_type": "The sub-type, of the taxonomy.",
    "title": "What happened, in a line.",
    "start": "The earliest day on which it can have happened.",
    "end": "The latest day on which it can have happened.",
    "date_precision": "How exactly the date is known.",
    "place": "The place's name.",
    "precision": "How exactly the place is known.",
    "radius_m": "Half the width of the doubt about the position, in metres.",
    "country": "ISO 3166-1 alpha-2.",
    "admin1": "The first-level area of the country.",
    "admin2": "The second-level area.",
    "quote": "The words that it was read from.",
    "status": "What a person has said of it.",
    "confidence": "How sure the machine is, 0 to 1; 1 where a person entered it.",
    "actors": "Who took part.",
    "fatalities_low": "Deaths, at least.",
    "fatalities_best": "Deaths, by the best figure.",
    "fatalities_high": "Deaths, at most.",
    "notes": "Doubts to check.",
    "tags": "Words that it was marked with.",
    "source_url": "The first source's address.",
    "source_title": "The first source's title.",
    "source_publisher": "Who published it.",
    "source_published": "When it was published.",
    "place_id": "The gazetteer's id of the place.",
    "doc_id": "The story that it was read from.",
    "id": "The event's id.",
    "datetime": "The days from start to end, for the functions t_intersects, t_after and their like.",
    "geometry": "Where it happened.",
}


def _values(types: Mapping[str, EventType]) -> Mapping[str, Document]:
    """Of each property what it can be, but for null."""
    day = {"type": "string", "format": "date"}
    count = {"type": "integer", "minimum": 0}
    listed = {"type": "array", "items": _TEXT}
    sub_types = list(dict.fromkeys(name for kind in types.values() for name in kind.sub_types))
    known: dict[str, Document] = {
        "event_type": {"type": "string", "x-values": list(types)},
        "sub_event_type": {"type": "string", "x-values": sub_types},
        "start": {**day, "x-ogc-role": "primary-interval-start"},
        "end": {**day, "x-ogc-role": "primary-interval-end"},
        "date_precision": {"type": "string", "enum": list(DatePrecision)},
        "precision": {"type": "string", "enum": list(Precision)},
        "radius_m": {"type": "number", "minimum": 0},
        "status": {"type": "string", "enum": list(Status)},
        "confidence": {"type": "number", "minimum": 0, "maximum": 1},
        "source_published": day,
        **dict.fromkeys(("actors", "notes", "tags"), listed),
        **{f"fatalities_{name}": count for name in ("low", "best", "high")},
    }
    return {name: {"title": name, "description": said, **known.get(name, _TEXT)} for name, said in _SAID.items()}


def feature_schema(address: str, title: str, types: Mapping[str, EventType]) -> Document:
    """A JSON Schema of one feature; a row's own columns may stand beside the properties named."""
    values = _values(types)
    held = {name: value for name, value in values.items() if name not in ("id", "datetime", "geometry")}
    nullable = {name: _nullable(value) for name, value in held.items()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": address,
        "title": title,
        "type": "object",
        "required": ["type", "id", "geometry", "properties"],
        "properties": {
            "type": {"const": "Feature"},
            "id": _TEXT,
            "geometry": {"oneOf": [{"type": "null"}, _POINT]},
            "properties": {"type": "object", "properties": nullable, "additionalProperties": True},
            "when": {"type": "object", "description": "The days as Linked Places has them."},
        },
    }


def queryables(address: str, title: str, types: Mapping[str, EventType]) -> Document:
    """What a filter can ask (OGC API - Features, Part 3, 6.2)."""
    values = _values(types)
    asked: dict[str, Document] = {}
    for name, kind in PROPERTIES.items():
        if kind == Kind.GEOMETRY:
            about: Document = {
                "title": name,
                "description": "Where it happened, for the functions s_intersects, s_within and s_disjoint.",
                "format": "geometry-point",
                "x-ogc-role": "primary-geometry",
            }
        elif kind == Kind.SPAN:
            about = {"title": name, "description": _SAID[name], "format": "interval"}
        else:
            about = values[name]
        asked[name] = about
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": address,
        "type": "object",
        "title": title,
        "description": "The properties that the parameter filter can name, in CQL2 as text or JSON.",
        "properties": asked,
        "additionalProperties": False,
    }


def _nullable(value: Document) -> Document:
    found = {**value, "type": [value["type"], "null"]}
    enum = value.get("enum")
    return {**found, "enum": [*enum, None]} if isinstance(enum, list) else found


_POINT: Document = {
    "type": "object",
    "required": ["type", "coordinates"],
    "properties": {
        "type": {"type": "string", "enum": ["Point"]},
        "coordinates": {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2},
    },
}
LINK: Document = {
    "type": "object",
    "required": ["href", "rel"],
    "properties": dict.fromkeys(("href", "rel", "type", "title"), _TEXT) | {"templated": {"type": "boolean"}},
}
_LINKS: Document = {"type": "array", "items": {"$ref": "#/components/schemas/link"}}
_FEATURE_MEMBERS: Document = {
    "type": {"type": "string", "enum": ["Feature"]},
    "id": _TEXT,
    "geometry": {"allOf": [{"$ref": "#/components/schemas/point"}], "nullable": True},
    "properties": {"type": "object"},
    "when": {"type": "object"},
}
COMPONENTS: Mapping[str, Document] = {
    "link": LINK,
    "point": _POINT,
    "landingPage": {
        "type": "object",
        "required": ["links"],
        "properties": {"title": _TEXT, "description": _TEXT, "links": _LINKS},
    },
    "confClasses": {
        "type": "object",
        "required": ["conformsTo"],
        "properties": {"conformsTo": {"type": "array", "items": _TEXT}},
    },
    "collection": {
        "type": "object",
        "required": ["id", "links"],
        "properties": {
            "id": _TEXT,
            "title": _TEXT,
            "description": _TEXT,
            "itemType": _TEXT,
            "crs": {"type": "array", "items": _TEXT},
            "extent": {"type": "object"},
            "links": _LINKS,
        },
    },
    "collections": {
        "type": "object",
        "required": ["links", "collections"],
        "properties": {
            "links": _LINKS,
            "collections": {"type": "array", "items": {"$ref": "#/components/schemas/collection"}},
        },
    },
    "feature": {
        "type": "object",
        "required": ["type", "id", "geometry", "properties"],
        "properties": {**_FEATURE_MEMBERS, "links": _LINKS},
    },
    "features": {
        "type": "object",
        "required": ["type", "features"],
        "description": "A page has links, timeStamp and both numbers; a file to keep (download) has credits.",
        "properties": {
            "type": {"type": "string", "enum": ["FeatureCollection"]},
            "features": {"type": "array", "items": {"$ref": "#/components/schemas/feature"}},
            "links": _LINKS,
            "timeStamp": {"type": "string", "format": "date-time"},
            "numberMatched": {"type": "integer", "minimum": 0},
            "numberReturned": {"type": "integer", "minimum": 0},
            "bbox": {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 4},
            "description": _TEXT,
        },
    },
    "jsonSchema": {"type": "object", "required": ["$schema", "$id", "type", "properties"]},
}
