"""The bodies of requests: JSON as RFC 8259 has it, of the kinds that a route reads, and merge patches (RFC 7386)."""

import json
import math
from typing import Never

from flask import request

from mapping.writing.refusing import Refused

GEOJSON = "application/geo+json"
JSON = "application/json"
MERGE_PATCH = "application/merge-patch+json"
MOST_DEPTH = 32


def json_body(*kinds: str) -> object:
    """The body, whose media type is one of `kinds`; Refused: 415 for another, 400 for what is no JSON."""
    if request.mimetype not in kinds:
        raise Refused(
            415,
            f"the body is {request.mimetype or 'of no media type'}; accepted: {', '.join(kinds)}",
            headers={"Accept-Patch": MERGE_PATCH} if request.method == "PATCH" else {"Accept-Post": ", ".join(kinds)},
        )
    try:
        found: object = json.loads(request.get_data(), parse_constant=_no_number, parse_float=_number)
        if rb"\ud" in request.get_data().lower():  # only escaped halves of pairs pass: UTF-8 has none
            json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:  # UnicodeDecodeError is a ValueError
        said = "half a surrogate pair is no character" if isinstance(error, UnicodeEncodeError) else str(error)
        raise Refused(400, f"the body is no JSON in UTF-8: {said}; accepted: RFC 8259, without NaN") from error
    if _depth(found) > MOST_DEPTH:
        raise Refused(400, f"the body is nested deeper than {MOST_DEPTH} levels")
    return found


def merged(target: object, patch: object) -> object:
    """The target after a merge patch (RFC 7386, section 2): null takes a member out."""
    if not isinstance(patch, dict):
        return patch
    whole = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            whole.pop(name, None)
        else:
            whole[name] = merged(whole.get(name), value)
    return whole


def _depth(value: object) -> int:
    """Level by level: a body built to be deep should not exhaust the stack."""
    level, depth = [value], 0
    while level:
        depth += 1
        if depth > MOST_DEPTH:
            return depth
        level = [
            inner
            for each in level
            if isinstance(each, dict | list)
            for inner in (each.values() if isinstance(each, dict) else each)
        ]
    return depth


def _no_number(text: str) -> Never:
    raise ValueError(f"{text} is no number of JSON")


def _number(text: str) -> float:
    """A number with a point or an exponent; one that no float holds would become infinite."""
    found = float(text)
    return found if math.isfinite(found) else _no_number(text[:40])
