"""How the API says no: problem details (RFC 9457), with a line for each field that is wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

from flask import Response, make_response

PROBLEM = "application/problem+json"


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """`pointer` is a JSON Pointer (RFC 6901) into the body, as a URI fragment: `#/features/3/properties/start`."""

    pointer: str
    detail: str


@dataclass(eq=False)  # not frozen: Python writes the traceback into an exception
class Refused(Exception):
    """A request that is answered with `status`; `detail` says what was wrong and what is accepted."""

    status: int
    detail: str
    errors: Sequence[FieldProblem] = ()
    headers: Mapping[str, str] = field(default_factory=dict)


def refusal(refused: Refused) -> Response:
    """The answer to a refused request."""
    body: dict[str, object] = {
        "type": "about:blank",
        "title": HTTPStatus(refused.status).phrase,
        "status": refused.status,
        "detail": refused.detail,
    }
    if refused.errors:
        body["errors"] = [{"pointer": error.pointer, "detail": error.detail} for error in refused.errors]
    response = make_response(body, refused.status)
    response.mimetype = PROBLEM
    response.headers.extend(refused.headers)
    response.headers["Cache-Control"] = "no-store"
    return response
