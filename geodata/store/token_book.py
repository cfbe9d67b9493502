"""`SqlTokens`: the tokens of programs, over the store's connections. Satisfies contracts.TokenBook."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Select, insert, or_, select, update
from sqlalchemy.exc import DBAPIError

from geodata.errors import NotFound, StoreError, UsageError, shown
from geodata.store.api_tables import api_tokens
from geodata.store.backend import Backend
from geodata.store.choices import Connections
from geodata.store.rows import Fields, Row
from geodata.tokens import Scope, Token, is_secret_of, mint, parted

NOTED = timedelta(minutes=1)
"""A use is noted when the last one noted is this old: a token that reads should not make each read a write."""
NOTE_S = 0.02
"""How long noting waits for another process that writes."""
MOST_NAME_CHARS = 100
_NOBODYS = mint().digest
"""Compared with where no token has the id, so that this takes as long."""


class SqlTokens:
    """Safe to share between threads; what another process adds or revokes holds at once."""

    def __init__(self, store: Connections, backend: Backend) -> None:
        self._store, self._backend = store, backend

    def add(self, name: str, scope: Scope, expires_at: datetime | None = None) -> str:
        name = name.strip()
        if not name.isprintable() or not 0 < len(name) <= MOST_NAME_CHARS:
            raise UsageError(f"{shown(name)} is no name of a token; accepted: 1 to {MOST_NAME_CHARS} characters")
        made, now = mint(), datetime.now(UTC)
        if expires_at is not None and expires_at <= now:
            raise UsageError(f"the token would end at {expires_at}, which has passed; accepted: a later time")
        row = {
            "token_id": made.token_id,
            "name": name,
            "digest": made.digest,
            "scope": str(scope),
            "made_at": text_of(now),
            "expires_at": text_of(expires_at) if expires_at else None,
        }
        with self._store.writing() as connection:
            named = [token for token in map(_token, connection.execute(_named(name)).mappings()) if token.holds(now)]
            if named:
                raise UsageError(f"a token named {shown(name)} is there; revoke it first, or give another name")
            connection.execute(insert(api_tokens).values(row))
        return made.whole

    def known(self) -> Sequence[Token]:
        latest = select(api_tokens).order_by(api_tokens.c.made_at.desc(), api_tokens.c.token_id)
        with self._store.reading() as connection:
            return tuple(map(_token, connection.execute(latest).mappings()))

    def revoke(self, name: str) -> Token:
        now = datetime.now(UTC)
        with self._store.writing() as connection:
            named = [token for token in map(_token, connection.execute(_named(name)).mappings()) if token.holds(now)]
            if not named:
                raise NotFound(f"no token that holds is named {shown(name)}; `tokens list` shows them")
            ended = update(api_tokens).where(api_tokens.c.token_id == named[0].token_id)
            connection.execute(ended.values(revoked_at=text_of(now)))
        return named[0]

    def holder(self, whole: str) -> Token | None:
        parts = parted(whole)
        if parts is None:
            return None
        token_id, secret = parts
        with self._store.reading() as connection:
            found = select(api_tokens).where(api_tokens.c.token_id == token_id)
            row = connection.execute(found).mappings().first()
        fits = is_secret_of(secret, row["digest"] if row else _NOBODYS)
        token = _token(row) if row and fits else None
        now = datetime.now(UTC)
        if token is None or not token.holds(now):
            return None
        if token.used_at is None or now - token.used_at >= NOTED:
            self._note(token_id, now)
        return token

    def _note(self, token_id: str, now: datetime) -> None:
        """Notes the use, unless another process writes just now: nobody should wait for that."""
        used = update(api_tokens).where(api_tokens.c.token_id == token_id).values(used_at=text_of(now))
        try:
            hurried = self._backend.engine.connect().execution_options(writes=True, wait_s=NOTE_S)
            with hurried, hurried.begin():
                hurried.execute(used)
        except DBAPIError as error:
            if not self._backend.is_busy(error):
                raise StoreError(self._backend.explain(error)) from error


def text_of(time: datetime) -> str:
    """UTC in ISO 8601, whole seconds: as text it is in order."""
    return time.astimezone(UTC).isoformat(timespec="seconds")


def time_of(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _named(name: str) -> Select[Any]:
    by_name = or_(api_tokens.c.name == name.strip(), api_tokens.c.token_id == name.strip())
    return select(api_tokens).where(by_name).order_by(api_tokens.c.made_at.desc())


def _token(row: Fields) -> Token:
    times: Row = {name: time_of(row[name]) for name in ("expires_at", "used_at", "revoked_at")}
    return Token(row["token_id"], row["name"], Scope(row["scope"]), datetime.fromisoformat(row["made_at"]), **times)
