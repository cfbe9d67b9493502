"""JSON answers of many events: by orjson, whole, its texts as they are."""

from collections.abc import Mapping

import orjson
from flask import Response

OPTIONS = orjson.OPT_APPEND_NEWLINE | orjson.OPT_SERIALIZE_NUMPY


def whole_json(value: Mapping[str, object]) -> Response:
    """`value` with an end of line; it may hold `orjson.Fragment`s."""
    return Response(orjson.dumps(value, option=OPTIONS), mimetype="application/json")
