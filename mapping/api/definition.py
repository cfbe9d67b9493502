"""The OpenAPI 3.0 definition, put together from what each part of the API says of its own routes.

A part is a `PathProvider`: a function in mapping/api that describes paths, and a line in `providers.py`. Two parts may
describe one path, each its own methods of it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from geodata.contracts import EventType

Document = Mapping[str, object]
GEOJSON = "application/geo+json"
JSON = "application/json"
PROBLEM = "application/problem+json"
HTML = "text/html"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
SCHEMA = "application/schema+json"
SEES_ALL: Sequence[Document] = ({}, {"token": []})
"""Security of a route that answers everybody, and tells who may write all that is kept,"""
TOKENS = ("401", "429")
"""and what may come of a token."""
METHODS = frozenset({"get", "head", "post", "put", "patch", "delete", "options"})
PROBLEMS = {
    "400": "what of the request could not be read, and what is accepted",
    "401": "a token is needed, or is not known",
    "403": "not allowed",
    "404": "there is no such thing here",
    "406": "none of the forms asked for",
    "409": "it is there already, or was changed meanwhile",
    "410": "it was there once; read all again",
    "412": "it was changed since the version named",
    "413": "too large",
    "415": "a form that is not read here",
    "422": "it was understood, and cannot be done",
    "428": "a condition (If-Match) is needed",
    "429": "too many wrong tokens; Retry-After says how long to wait",
}
"""What a problem's status means; a provider names those of its routes in `operation`."""


@dataclass(frozen=True, slots=True)
class Api:
    """What a description is made of: the site's address without a slash at its end, its title, what it takes."""

    root: str
    title: str
    types: Mapping[str, EventType] = field(default_factory=dict)
    formats: Mapping[str, str] = field(default_factory=lambda: {"json": GEOJSON})
    """The forms of items and their media types."""
    limit: int = 1000
    most: int = 100_000


@dataclass(frozen=True, slots=True)
class Described:
    """Paths with their methods (OpenAPI's Path Item Objects), and what `components` they refer to, by kind and name."""

    paths: Mapping[str, Document]
    components: Mapping[str, Mapping[str, Document]] = field(default_factory=dict)


PathProvider = Callable[[Api], Described]


def definition(api: Api, providers: Sequence[PathProvider], description: str = "") -> dict[str, object]:
    """The whole document. ValueError: two parts describe the same method of a path, or a component of one name."""
    paths: dict[str, dict[str, object]] = {}
    components: dict[str, dict[str, Document]] = {"schemas": {"problem": PROBLEM_SCHEMA}}
    for part in (provide(api) for provide in providers):
        for path, item in part.paths.items():
            _add(paths.setdefault(path, {}), item, path)
        for kind, named in part.components.items():
            _add(components.setdefault(kind, {}), named, kind)
    return {
        "openapi": "3.0.3",
        "info": {"title": api.title, "version": "1.0.0", "description": description},
        "servers": [{"url": api.root or "/"}],
        "paths": paths,
        "components": components,
    }


def _add(held: dict[str, object] | dict[str, Document], more: Mapping[str, object], where: str) -> None:
    for name, value in more.items():
        if name in held and held[name] != value:
            raise ValueError(f"{where}: two parts of the API describe {name}")
        held[name] = value  # type: ignore[assignment]


def operation(
    operation_id: str,
    summary: str,
    parameters: Sequence[Document] = (),
    answers: Mapping[str, Document] | None = None,
    problems: Sequence[str] = ("400",),
    description: str = "",
    **more: object,
) -> dict[str, object]:
    """One method of a path. `answers` are OpenAPI's responses by status; `problems` are statuses of problem details."""
    responses: dict[str, object] = dict(answers or {})
    for status in problems:
        responses[status] = {"description": PROBLEMS[status], "content": {PROBLEM: {"schema": ref("problem")}}}
    made: dict[str, object] = {"operationId": operation_id, "summary": summary}
    if description:
        made["description"] = description
    return {**made, "parameters": list(parameters), "responses": responses, **more}


def answer(description: str, contents: Mapping[str, Document], **more: object) -> Document:
    """A response by media type, each with the schema of what it holds."""
    return {
        "description": description,
        "content": {kind: {"schema": schema} for kind, schema in contents.items()},
        **more,
    }


def parameter(
    name: str, schema: Document, description: str = "", listed: bool = False, where: str = "query"
) -> Document:
    """A parameter; `listed`: its values are given in one, comma-separated."""
    made: dict[str, object] = {"name": name, "in": where, "required": where == "path", "schema": schema}
    if where == "query":
        made |= {"style": "form", "explode": not listed}
    return {**made, "description": description} if description else made


def ref(name: str, kind: str = "schemas") -> Document:
    """A reference to a component."""
    return {"$ref": f"#/components/{kind}/{name}"}


PROBLEM_SCHEMA: Document = {
    "type": "object",
    "description": "Problem details (RFC 9457).",
    "required": ["title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "what was wrong and what is accepted"},
    },
}
