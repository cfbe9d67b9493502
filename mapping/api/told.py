"""Documents of the API as answers: JSON for programs, a page for people."""

from typing import TypeVar

from flask import Response, jsonify, render_template
from werkzeug.wrappers import Response as AnyResponse

from mapping.api.definition import HTML, JSON, Document
from mapping.api.strict import DOCUMENT, form_of, only

R = TypeVar("R", bound=AnyResponse)


def told(document: Document, title: str, media: str = JSON, template: str = "api_document.html") -> Response:
    """A document as JSON or as a page."""
    only("f")
    if form_of({**DOCUMENT, "json": media}) == "html":
        return varied(page(template, document=document, heading=title))
    response = jsonify(document)
    response.content_type = media
    return varied(response)


def page(template: str, **values: object) -> Response:
    """A page of a template; its scripts have a nonce of this one answer, so that no cache may keep it."""
    response = Response(render_template(template, **values), mimetype=HTML)
    response.cache_control.no_store = True
    return response


def varied(response: R, *more: str) -> R:
    """Told to caches: the Accept header decides the form, and `more` headers what is told."""
    for header in ("Accept", *more):
        response.vary.add(header)
    return response
