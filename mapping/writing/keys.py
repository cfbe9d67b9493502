"""Idempotency-Key: the same request sent again, because its answer was lost, does nothing twice."""

import hashlib

from flask import Response, request

from geodata.contracts import Reply, RequestKey
from geodata.tokens import Token
from mapping.writing.refusing import Refused

MOST_CHARS = 255


def key_of(token: Token) -> RequestKey | None:
    """The key of this request; None where it has none."""
    key = request.headers.get("Idempotency-Key", "").strip().strip('"')
    if not key:
        return None
    if len(key) > MOST_CHARS or not key.isascii() or not key.isprintable():
        raise Refused(400, f"the Idempotency-Key is not accepted; accepted: 1 to {MOST_CHARS} characters of ASCII")
    parts = (request.method, request.full_path, request.mimetype, request.headers.get("If-Match", ""))
    whole = hashlib.sha256("\n".join(parts).encode() + b"\n" + request.get_data())
    return RequestKey(token.token_id, key, whole.hexdigest())


def response_of(reply: Reply, replayed: bool = False) -> Response:
    response = Response(reply.body, reply.status)
    response.headers.extend(reply.headers)
    if reply.status == 204:
        response.headers.pop("Content-Type", None)
    if replayed:
        response.headers["Idempotency-Replayed"] = "true"
    response.headers["Cache-Control"] = "no-store"
    return response
