"""RSS and Atom files (.rss, .atom, .xml): one story an entry, its mark-up taken off, by feedparser.

The whole text of an entry is taken where the feed carries it, else its summary. Nothing that a feed links to is
fetched. A feed that defines entities of its own out of others is refused: they can swell to gigabytes.
"""

import io
import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from time import struct_time
from typing import Any

from geodata.contracts import Reading, RowProblem
from geodata.errors import UsageError
from geodata.model import Document, Source
from geodata.sources.markup import plain
from geodata.sources.stories import story

MOST_ENTRIES = 20_000
MARKS = ("<rss", "<feed", "<rdf:rdf")
_NESTED_ENTITY = re.compile(
    rb"<!ENTITY\s+[^>]*[\"'][^\"'>]*&|<!ENTITY\s+%|<!ENTITY\s+\S+\s+(?:SYSTEM|PUBLIC)", re.IGNORECASE
)
_ENTRY = re.compile(rb"<(?:\w+:)?(?:item|entry)[\s/>]")


def read(data: bytes, name: str) -> Reading:
    _check(data, name)
    import feedparser  # a tenth of a second to load: only for feeds

    # from a stream, never from a string: feedparser fetches a string that looks like an address
    parsed: Any = feedparser.parse(io.BytesIO(data), sanitize_html=False, resolve_relative_uris=False)
    documents: list[Document] = []
    problems: list[RowProblem] = []
    for number, entry in enumerate(parsed.entries, 1):
        try:
            documents.append(_story(entry, parsed.feed, f"entry {number}"))
        except UsageError as error:
            problems.append(RowProblem(name, 0, str(error)))
    if not documents:
        first = f"; {problems[0].message}" if problems else ""
        raise UsageError(f"{name} is a feed without a story; accepted: RSS or Atom with entries that hold text{first}")
    return Reading(documents=tuple(documents), problems=tuple(problems), notes=_notes(parsed, name, len(documents)))


def _check(data: bytes, name: str) -> None:
    if _NESTED_ENTITY.search(data):
        raise UsageError(
            f"{name} defines entities out of others or out of other files; accepted: feeds that define none"
        )
    count = sum(1 for _ in _ENTRY.finditer(data))
    if count > MOST_ENTRIES:
        raise UsageError(f"{name} has {count:,} entries; accepted: at most {MOST_ENTRIES:,}. Split it, or use JSONL")


def _notes(parsed: Any, name: str, count: int) -> tuple[str, ...]:
    if not parsed.bozo or isinstance(parsed.get("bozo_exception"), UnicodeError):
        return ()
    line = getattr(parsed.bozo_exception, "getLineNumber", lambda: 0)()
    if not line:  # an encoding or a media type that was not as declared: nothing is lost by it
        return ()
    entries = "1 entry" if count == 1 else f"{count:,} entries"
    return (f"{name}: its XML is broken at line {line:,}; {entries} could be read, others may be missing",)


def _story(entry: Any, feed: Any, where: str) -> Document:
    title = plain(str(entry.get("title", "")), where)
    text, whole = _text(entry, where)
    notes: tuple[str, ...] = () if whole else ("the feed carries a summary of this story, not the whole of it",)
    if not text and title:
        text, notes = title, ("the feed carries only the title of this story",)
    source = Source(
        url=_address(entry),
        title=title,
        publisher=plain(str(entry.get("source", {}).get("title", "") or feed.get("title", ""))),
        published=_published(entry),
    )
    language = str(entry.get("language", "") or feed.get("language", ""))[:2].lower()
    return story(text, where, source=source, language=language if language.isalpha() else "", notes=notes)


def _text(entry: Any, where: str) -> tuple[str, bool]:
    """The longest of an entry's texts, and whether it is its content, not a summary."""
    contents = [plain(str(each.get("value", "")), where) for each in entry.get("content", ())]
    summary = plain(str(entry.get("summary", "")), where)
    body = max(contents, key=len, default="")
    return (body, True) if len(body) >= len(summary) and body else (summary, False)


def _address(entry: Any) -> str:
    link = str(entry.get("link", ""))
    return link if link.startswith(("http://", "https://")) else ""


def _published(entry: Any) -> date | None:
    """The day of publication where the publisher is: the date as it was written, before it is turned into UTC."""
    for field in ("published", "updated", "created"):
        written, parsed = str(entry.get(field, "")).strip(), entry.get(f"{field}_parsed")
        if day := _day(written, parsed):
            return day
    return None


def _day(written: str, parsed: struct_time | None) -> date | None:
    try:
        return date.fromisoformat(written[:10])
    except ValueError:
        pass
    try:
        return parsedate_to_datetime(written).date()
    except (ValueError, TypeError):
        return datetime(*parsed[:6], tzinfo=UTC).date() if parsed else None
