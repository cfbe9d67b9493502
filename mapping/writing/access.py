"""Who may write: `Authorization: Bearer TOKEN` (RFC 6750). Those who only guess are told to wait.

A client that sent a good token lately is never told to wait: behind one address there may be many.
"""

import hashlib
import time
from collections import OrderedDict
from threading import Lock

from flask import current_app, request

from geodata.allowed import Release
from geodata.contracts import Workspace
from geodata.tokens import SCOPES, Scope, Token
from mapping.writing.refusing import Refused

REALM = 'Bearer realm="Dateline"'
MOST_FAILURES, WITHIN_S = 20, 60.0
"""From one address; then it waits until the first of them is this old."""
MOST_ADDRESSES = 10_000
MOST_GOOD = 1_000
_EXTENSION = "dateline-callers"


class Guard:
    """Asks for tokens. Safe to share between threads."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def require(self, scope: Scope) -> Token:
        """The token of this request, where it may do that; Refused where it may not."""
        whole = _bearer()
        known = hashlib.sha256(whole.encode()).digest()
        address = request.remote_addr or ""
        callers = _callers()
        if wait_s := callers.wait_s(known, address):
            raise Refused(429, f"too many wrong tokens; try again in {wait_s} s", headers={"Retry-After": str(wait_s)})
        token = self._workspace.store.tokens.holder(whole)
        callers.note(known, address, token is not None)
        if token is None:
            said = f'{REALM}, error="invalid_token"'
            raise Refused(401, "this token is not known, has ended or was revoked", headers={"WWW-Authenticate": said})
        if not token.may(scope):
            said = f'{REALM}, error="insufficient_scope", scope="{scope}"'
            raise Refused(
                403,
                f"the token {token.name!r} has the scope {token.scope.value}; needed: {scope.value} ({SCOPES[scope]})",
                headers={"WWW-Authenticate": said},
            )
        return token

    def release(self, generalise_km: int = 0) -> Release:
        """On what terms events are told to this request: as they are to who may edit, as the settings say to others."""
        if has_token() and self.require(Scope.READ).may(Scope.WRITE):
            return Release(restricted=True, generalise_km=generalise_km)
        return Release.of(self._workspace.settings, generalise_km)


def has_token() -> bool:
    """Whether the request comes from a program with a token, not from a form of ours."""
    return request.headers.get("Authorization", "").lower().startswith("bearer ")


def _bearer() -> str:
    header = request.headers.get("Authorization", "")
    scheme, _, whole = header.partition(" ")
    if scheme.lower() != "bearer" or not whole.strip():
        raise Refused(
            401,
            "this needs a token: `Authorization: Bearer dateline_…`; `python -m geodata tokens add` makes one",
            headers={"WWW-Authenticate": REALM},
        )
    return whole.strip()


def _callers() -> "Callers":
    """Those of this site: who guesses is counted once, whichever of its parts is asked."""
    found: Callers = current_app.extensions.setdefault(_EXTENSION, Callers())
    return found


class Callers:
    """Hashes of tokens that were good lately, and addresses that failed. Safe to share between threads."""

    def __init__(self) -> None:
        self._failed = Failures()
        self._good: OrderedDict[bytes, None] = OrderedDict()
        self._lock = Lock()

    def wait_s(self, known: bytes, address: str) -> int:
        """Whole seconds until this token may be tried from there; 0: now."""
        return 0 if known in self._good else self._failed.wait_s(address)

    def note(self, known: bytes, address: str, good: bool) -> None:
        with self._lock:
            if not good:
                self._good.pop(known, None)
                self._failed.add(address)
                return
            self._good[known] = None
            self._good.move_to_end(known)
            if len(self._good) > MOST_GOOD:
                self._good.popitem(last=False)


class Failures:
    """When each address last failed; the addresses that failed longest ago are forgotten first."""

    def __init__(self) -> None:
        self._times: OrderedDict[str, list[float]] = OrderedDict()

    def add(self, address: str) -> None:
        now = time.monotonic()
        times = [at for at in self._times.pop(address, []) if now - at < WITHIN_S]
        self._times[address] = [*times, now][-MOST_FAILURES:]
        if len(self._times) > MOST_ADDRESSES:
            self._times.popitem(last=False)

    def wait_s(self, address: str) -> int:
        """Whole seconds until it may try again; 0: now."""
        times = self._times.get(address, [])
        left = WITHIN_S - (time.monotonic() - times[0]) if len(times) >= MOST_FAILURES else 0.0
        return int(left) + 1 if left > 0 else 0
