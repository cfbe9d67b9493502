"""Tokens for programs that write: `dateline_ID_SECRET`, of which only the SHA-256 of the secret is kept.

The prefix lets scanners of published code know a token that was published by mistake; the id finds its row, so that the
secret is compared once, in constant time.
"""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

PREFIX = "dateline"
SECRET_BYTES = 32  # 256 bits: nobody guesses one, so that a plain hash keeps it as well as a slow one would
MOST_CHARS = 100  # of a token; a longer one is none
_FORM = re.compile(rf"{PREFIX}_([0-9a-f]{{12}})_([A-Za-z0-9_-]{{43}})")


class Scope(StrEnum):
    """What a token may do; each holds those before it."""

    READ = "read"
    WRITE = "write"
    REVIEW = "review"


SCOPES = {
    Scope.READ: "nothing but what everybody may: it says who asks",
    Scope.WRITE: "add, change and remove drafts and stories",
    Scope.REVIEW: "all of it, also for events that a person has reviewed or rejected, and say that of them",
}
"""Each scope in words."""


@dataclass(frozen=True, slots=True)
class Token:
    """What is known of a token; its secret is not. All times are UTC; None: never."""

    token_id: str
    name: str
    scope: Scope
    made_at: datetime
    expires_at: datetime | None = None
    used_at: datetime | None = None
    revoked_at: datetime | None = None

    def may(self, scope: Scope) -> bool:
        scopes = list(Scope)
        return scopes.index(scope) <= scopes.index(self.scope)

    def holds(self, now: datetime) -> bool:
        """Whether it is still good."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


@dataclass(frozen=True, slots=True)
class Minted:
    """A new token: the whole is shown once, `digest` is kept."""

    token_id: str
    whole: str
    digest: str


def mint() -> Minted:
    token_id, secret = secrets.token_hex(6), secrets.token_urlsafe(SECRET_BYTES)
    return Minted(token_id, f"{PREFIX}_{token_id}_{secret}", digest_of(secret))


def digest_of(secret: str) -> str:
    """SHA-256, hexadecimal."""
    return hashlib.sha256(secret.encode()).hexdigest()


def parted(whole: str) -> tuple[str, str] | None:
    """The id and the secret of a token as it was sent; None where it has not the form of one."""
    match = _FORM.fullmatch(whole) if len(whole) <= MOST_CHARS else None
    return (match[1], match[2]) if match else None


def is_secret_of(secret: str, digest: str) -> bool:
    return hmac.compare_digest(digest_of(secret), digest)
