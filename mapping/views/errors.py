"""Errors as the web shows them: a page for a person, `application/problem+json` (RFC 9457) for a program."""

from collections.abc import Mapping
from http import HTTPStatus

from flask import Flask, Response, current_app, make_response, render_template, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from geodata.errors import (
    GeodataError,
    Gone,
    KeyReused,
    NotFound,
    OutsideError,
    SetupError,
    StoreBusy,
    StoreError,
    UsageError,
)

STATUS_OF: Mapping[type[GeodataError], HTTPStatus] = {  # a kind before the kinds that it is one of
    KeyReused: HTTPStatus.UNPROCESSABLE_ENTITY,
    Gone: HTTPStatus.GONE,
    UsageError: HTTPStatus.BAD_REQUEST,
    NotFound: HTTPStatus.NOT_FOUND,
    SetupError: HTTPStatus.SERVICE_UNAVAILABLE,
    StoreBusy: HTTPStatus.SERVICE_UNAVAILABLE,
    StoreError: HTTPStatus.INTERNAL_SERVER_ERROR,
    OutsideError: HTTPStatus.BAD_GATEWAY,
}
TITLES: Mapping[int, str] = {
    400: "That request could not be read",
    403: "Not allowed",
    404: "Not found",
    413: "Too large",
    500: "Something went wrong here",
    502: "A service outside Dateline did not answer",
    503: "Set-up is not finished",
}
RETRY_S = 5
"""When to come again to a store that another process writes to."""
UNEXPECTED = "The server met an error that it did not expect. Its log has the details; nothing was saved half-way."


def register(app: Flask) -> None:
    """Answer every error of `app` in plain words, never with a stack trace."""
    app.register_error_handler(GeodataError, _geodata_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unexpected)


def problem(status: int, detail: str, title: str = "") -> Response:
    """An error response in the form that the client asked for."""
    title = title or TITLES.get(status, HTTPStatus(status).phrase)
    if wants_page():
        return make_response(render_template("error.html", status=status, heading=title, detail=detail), status)
    response = make_response({"type": "about:blank", "title": title, "status": status, "detail": detail}, status)
    response.mimetype = "application/problem+json"
    return response


def wants_page() -> bool:
    """Whether a person reads the answer: browsers name text/html when they navigate, fetch and curl do not."""
    return "text/html" in request.headers.get("Accept", "") and request.args.get("f", "html") == "html"


def _geodata_error(error: GeodataError) -> Response:
    status = next((code for kind, code in STATUS_OF.items() if isinstance(error, kind)), HTTPStatus(500))
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        current_app.logger.error("%s %s: %s", request.method, request.path, error, exc_info=error)
    if isinstance(error, StoreBusy):
        answer = problem(status, str(error), "Busy")
        answer.headers["Retry-After"] = str(RETRY_S)
        return answer
    return problem(status, str(error))


def _http_error(error: HTTPException) -> Response:
    code = error.code or 500
    if isinstance(error, RequestEntityTooLarge):
        most = request.max_content_length or current_app.config["MAX_CONTENT_LENGTH"]
        setting = "UPLOAD" if most == current_app.config["MAX_CONTENT_LENGTH"] else "IMPORT"
        return problem(code, f"The upload is larger than {most / 1e6:g} MB (DATELINE_MAX_{setting}_BYTES).")
    if code < 400:  # a redirect is no error
        return make_response(error.get_response(request.environ))
    answer = problem(code, error.description or "")
    if code == HTTPStatus.METHOD_NOT_ALLOWED:
        answer.headers["Allow"] = ", ".join(getattr(error, "valid_methods", None) or ())
    return answer


def _unexpected(error: Exception) -> Response:
    current_app.logger.error("%s %s", request.method, request.path, exc_info=error)
    return problem(500, UNEXPECTED)
