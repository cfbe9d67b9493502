"""What programs do with the record: tokens, edits under a condition, the feed of changes, and webhooks."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from geodata.model import Document, Event
from geodata.query import EventQuery
from geodata.tokens import Scope, Token

if TYPE_CHECKING:
    from geodata.answers import Ints


class TokenBook(Protocol):
    """geodata/store/token_book.py."""

    def add(self, name: str, scope: Scope, expires_at: datetime | None = None) -> str:
        """The whole token, which nobody can be shown again. UsageError where a token that holds has the name."""
        ...

    def known(self) -> Sequence[Token]:
        """Every token, the latest first, those expired or revoked too."""
        ...

    def revoke(self, name: str) -> Token:
        """Ends a token, by its name or its id. NotFound where none that holds is named so."""
        ...

    def holder(self, whole: str) -> Token | None:
        """The token of a request, and a note that it was used; None where there is none that holds."""
        ...


@dataclass(frozen=True, slots=True)
class Current:
    """What an edit finds: the events asked for that are there, and the story.

    `into` are ids merged away with the event that holds each now; `survivors` those events that hold others.
    """

    events: Mapping[str, Event]
    document: Document | None = None
    into: Mapping[str, str] = field(default_factory=dict)
    survivors: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Edit:
    """What becomes of them. `drafts` are saved as a machine's: none overwrites what a person reviewed or rejected."""

    events: Sequence[Event] = ()
    drafts: Sequence[Event] = ()
    removed: Sequence[str] = ()
    document: Document | None = None
    removes_document: bool = False


@dataclass(frozen=True, slots=True)
class Edited:
    """What an edit came to; `events` are those of the edit and the story as they are kept now."""

    events: Mapping[str, Event]
    added: Sequence[str] = ()
    changed: Sequence[str] = ()
    unchanged: Sequence[str] = ()
    removed: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as it went out, so that the same request gets the same answer again."""

    status: int
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RequestKey:
    """An Idempotency-Key: of one token; `fingerprint` is of the whole request."""

    token_id: str
    key: str
    fingerprint: str


class EditBook(Protocol):
    """geodata/store/edits.py: edits that first look, in one transaction."""

    def edit(
        self,
        event_ids: Sequence[str],
        decide: Callable[[Current], Edit],
        answer: Callable[[Edited], Reply],
        key: RequestKey | None = None,
        doc_id: str = "",
    ) -> Reply:
        """`decide` is given these events, and the story `doc_id` with all of its events, and says what to make of them;
        what it raises ends the transaction. A `key` seen before gives the answer kept, and nothing is done.

        KeyReused where the key came with another request.
        """
        ...

    def replied(self, key: RequestKey) -> Reply | None:
        """The answer kept for a key, before any work is done for it."""
        ...


@dataclass(frozen=True, slots=True)
class EventChange:
    """One change of one event: `action` is added, changed or removed; `now` is the event as it is today, if it is.

    `cursor` continues behind this change. `version` is the store's number of the write; `into` holds a removed
    event that was merged away.
    """

    cursor: str
    version: int
    changed_at: datetime
    action: str
    event_id: str
    now: Event | None
    before: Event | None = None
    into: str = ""


@dataclass(frozen=True, slots=True)
class ChangePage:
    """Changes in the order in which they were made; `cursor` continues behind them, `more`: there are some."""

    changes: Sequence[EventChange]
    cursor: str
    more: bool


@dataclass(frozen=True, slots=True)
class RecentPage:
    """Events in the order of their last change, the latest first; `before` (0: none) gives the page after this one.

    Each with the time of its last change and, where it is known, the time at which it was added.
    """

    events: Sequence[tuple[Event, datetime, datetime]]
    before: int


class ChangeBook(Protocol):
    """geodata/store/following.py: the history as a feed."""

    def since(self, cursor: str = "", limit: int = 100, until: str = "") -> ChangePage:
        """The changes behind a cursor or a `version()` of the store; empty: from the beginning. `until` ends them.

        UsageError for what is no cursor; Gone for one of another store, or of a time that the store does not know.
        """
        ...

    def now(self) -> str:
        """The cursor behind the last change."""
        ...

    def recent(
        self,
        query: EventQuery,
        limit: int,
        before: int = 0,
        rows: Sequence[int] | None = None,
        within: "Ints | None" = None,
    ) -> RecentPage:
        """The events that answer, by their last change.

        Without `rows` it walks the history back, so far as a page may take: where few of many events answer, a page
        may be short. `rows` are the row ids of all that answer, where they are few: then every page is full.
        `within`, ascending, leaves out all other rows.
        """
        ...


@dataclass(frozen=True, slots=True)
class Hook:
    """A webhook: who is told of changes, from which cursor on, and how it goes.

    `params` are the query's, as in an address. `until` ends the message that is being tried. `failures` counts the
    tries of it that failed; `next_at` is when it is tried again. `paused` says why it is sent nothing; empty: it is.
    """

    hook_id: str
    url: str
    params: str
    secret: str
    made_at: datetime
    cursor: str
    until: str = ""
    failures: int = 0
    next_at: datetime | None = None
    paused: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One try to send a message: `status` is the receiver's answer, 0 where there was none; `said` why it failed."""

    hook_id: str
    message_id: str
    sent_at: datetime
    status: int
    changes: int
    took_ms: int
    said: str = ""

    @property
    def arrived(self) -> bool:
        return 200 <= self.status < 300


class HookBook(Protocol):
    """geodata/store/hook_book.py."""

    def add(self, url: str, params: str, secret: str, cursor: str) -> Hook: ...

    def known(self) -> Sequence[Hook]:
        """Every hook, the oldest first."""
        ...

    def get(self, hook_id: str) -> Hook:
        """NotFound where there is none."""
        ...

    def remove(self, hook_id: str) -> Hook: ...

    def put(self, hook: Hook, delivery: Delivery | None = None) -> bool:
        """Keeps how it goes, with a line of the log; False where the hook was removed meanwhile."""
        ...

    def deliveries(self, hook_id: str = "", limit: int = 20) -> Iterator[Delivery]:
        """The last tries, the latest first."""
        ...

    def lease(self, holder: str, seconds: float) -> bool:
        """Whether `holder` is the one process that delivers, for so long; 0 gives the lease back."""
        ...
