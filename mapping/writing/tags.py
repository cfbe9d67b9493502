"""Strong entity tags of events and stories, and the conditions that a request sets on them (RFC 9110, 13.1)."""

from flask import request
from werkzeug.datastructures import ETags

from geodata.features import dumps, feature
from geodata.model import Document, Event, stable_id
from mapping.compression import ALGORITHMS
from mapping.writing.refusing import Refused


def event_tag(event: Event) -> str:
    """Changes with anything in the event; the same in every process."""
    exact = (event.place.lon, event.place.lat) if event.place else ()
    return stable_id(dumps(feature(event)), *exact)


def story_tag(document: Document) -> str:
    """Changes with the story's text and what is known of where it came from; not with its events."""
    return stable_id(document.doc_id, document.text, document.source, document.language)


def check_tag(tag: str, what: str) -> None:
    """Refused unless the request says which version of `what` it changes (428), and that is this one (412)."""
    asked = request.if_match
    if not asked and "If-Match" not in request.headers:
        raise Refused(
            428,
            f'{what} is there; say which version of it you change: `If-Match: "{tag}"` (the ETag of your last GET with '
            "this token), or `If-Match: *` for whatever it is now",
        )
    if not _holds(asked, tag):
        said = f'{what} was changed since: it is "{tag}" now; GET it again, with your token'
        raise Refused(412, said, headers={"ETag": f'"{tag}"'})


def check_absent(what: str) -> None:
    """Refused where the request changes what is not there."""
    if "If-Match" in request.headers:
        raise Refused(412, f"{what} is not there, so that no version of it can be changed")


def check_none(tag: str, what: str) -> None:
    """Refused where the request only wants to make what is there already (`If-None-Match: *`)."""
    if request.if_none_match and _holds(request.if_none_match, tag):
        raise Refused(412, f"{what} is there already", headers={"ETag": f'"{tag}"'})


def _holds(asked: ETags, tag: str) -> bool:
    """A tag may end with the encoding that its answer came in."""
    return any(asked.contains(name) for name in (tag, *(f"{tag}:{encoding}" for encoding in ALGORITHMS)))
