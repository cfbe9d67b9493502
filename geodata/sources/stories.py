"""What the importers of stories share: a checked, cleaned Document from a text and what is known of it."""

from collections.abc import Mapping
from datetime import date

from geodata.contracts import Reading
from geodata.errors import UsageError, shown
from geodata.model import Document, Source, stable_id, text_hash
from geodata.sources.encoding import clean
from geodata.sources.published import said_published

MOST_TITLE_CHARS = 160
UNKNOWN = Source()
DATE_NOTE = "publication date"
"""How a note begins that says where a publication date was read; it falls away when a person gives another."""


def story(
    text: str,
    name: str,
    *,
    doc_id: str = "",
    source: Source = UNKNOWN,
    language: str = "",
    notes: tuple[str, ...] = (),
    sample: bool = False,
    dated_by_text: bool = False,
) -> Document:
    """A Document whose text is cleaned and whose id is a hash of it unless given. UsageError where it is empty.

    `dated_by_text`: without a publication date, take the one that a line at the top of the text says, with a note.
    """
    cleaned, found = clean(text)
    cleaned = cleaned.strip("\n")
    if not cleaned.strip():
        raise UsageError(f"{name} holds no text; accepted: a story of at least one sentence")
    published = source.published
    if published is None and dated_by_text and (said := said_published(cleaned)):
        published = said[0]
        notes = (*notes, f"{DATE_NOTE} {published} read from the line {shown(said[1])}: check it")
    whole = Source(
        url=one_line(source.url),
        title=one_line(source.title) or first_line(cleaned),
        publisher=one_line(source.publisher),
        published=published,
        retrieved=source.retrieved,
        sha256=text_hash(cleaned),
        archive_url=source.archive_url,
    )
    return Document(doc_id or stable_id(cleaned), cleaned, whole, language, (*notes, *found), sample)


def reading(document: Document) -> Reading:
    return Reading(documents=(document,))


def one_line(text: str) -> str:
    """A title or address: cleaned, on one line."""
    return " ".join(clean(text)[0].split())


def first_line(text: str) -> str:
    """The first line, where it stands alone as headlines do; else empty."""
    head, _, rest = text.strip().partition("\n")
    alone = len(head) <= MOST_TITLE_CHARS and (rest.startswith("\n") or not rest) and not head.rstrip().endswith(".")
    return head.strip() if alone and rest else ""


def day(text: str, what: str = "published") -> date | None:
    """A day from ISO 8601 text (a time behind it is passed over); None for empty text, else UsageError."""
    text = text.strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text[:10])
    except ValueError as error:
        raise UsageError(f"{what} {shown(text)} is not a day; accepted: 2022-11-11") from error


def source_of(fields: Mapping[str, str]) -> Source:
    """The Source of a front matter or JSON article; UsageError where `published` is not a day."""
    return Source(
        url=fields.get("url", ""),
        title=fields.get("title", ""),
        publisher=fields.get("publisher", ""),
        published=day(fields.get("published", "")),
    )
