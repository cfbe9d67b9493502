"""Signatures of messages as Standard Webhooks has them (standardwebhooks.com, v1): HMAC-SHA256 by a shared secret.

`webhook-signature: v1,BASE64` is of "ID.TIMESTAMP.BODY". A receiver compares it, and refuses a timestamp that is more
than some minutes off, so that nobody sends an old message again.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
import time
from collections.abc import Mapping

from geodata.errors import UsageError

PREFIX = "whsec_"
SECRET_BYTES = 32
LEAST_BYTES, MOST_BYTES = 24, 64  # what the standard accepts
TOLERANCE_S = 300


def new_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def key_of(secret: str) -> bytes:
    """The bytes of a secret; UsageError where it has not the standard's form."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (ValueError, binascii.Error) as error:
        raise _no_secret() from error
    if not secret.startswith(PREFIX) or not LEAST_BYTES <= len(key) <= MOST_BYTES:
        raise _no_secret()
    return key


def signed(secret: str, message_id: str, timestamp: int, body: bytes) -> Mapping[str, str]:
    """The headers of a message; `timestamp` is seconds since 1970."""
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"v1,{_signature(secret, message_id, str(timestamp), body)}",
    }


def verify(secret: str, headers: Mapping[str, str], body: bytes, now: float | None = None) -> bool:
    """Whether a message is one of ours, and a fresh one: what a receiver does."""
    message_id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 12):
        return False
    if abs((time.time() if now is None else now) - int(timestamp)) > TOLERANCE_S:
        return False
    wanted = f"v1,{_signature(secret, message_id, timestamp, body)}".encode()
    given = headers.get("webhook-signature", "").split(" ")  # several while a secret is being changed
    return any(hmac.compare_digest(wanted, one.encode()) for one in given)


def _signature(secret: str, message_id: str, timestamp: str, body: bytes) -> str:
    signed_text = f"{message_id}.{timestamp}.".encode() + body
    return base64.b64encode(hmac.new(key_of(secret), signed_text, hashlib.sha256).digest()).decode()


def _no_secret() -> UsageError:
    return UsageError(
        f"the secret is none; accepted: {PREFIX} and {LEAST_BYTES} to {MOST_BYTES} bytes in base64, or nothing: "
        "one is made then"
    )
