"""Pages saved as one file (.mhtml, .mht): the page itself goes to the reader of HTML, pictures are passed over."""

import email
import email.policy
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage

from geodata.contracts import Reading
from geodata.errors import UsageError
from geodata.sources import html
from geodata.sources.encoding import as_utf8

MARKS = ("mime-version:", "from: <saved by", "snapshot-content-location:")


def read(data: bytes, name: str) -> Reading:
    message = email.message_from_bytes(data, policy=email.policy.default)
    page = next(
        (part for part in message.walk() if part.get_content_type() in ("text/html", "application/xhtml+xml")), None
    )
    body = page.get_payload(decode=True) if page is not None else None
    if page is None or not isinstance(body, bytes) or not body.strip():
        raise UsageError(f"{name} is a saved page without a page in it; accepted: a whole .mhtml file, or .html")
    address = str(message.get("Snapshot-Content-Location") or page.get("Content-Location") or "")
    found = html.read(as_utf8(body, page.get_content_charset() or ""), name)
    documents = [
        replace(
            each,
            source=replace(
                each.source,
                url=each.source.url or (address if address.startswith(("http://", "https://")) else ""),
                retrieved=_retrieved(message),
            ),
        )
        for each in found.documents
    ]
    return replace(found, documents=tuple(documents))


def _retrieved(message: EmailMessage) -> datetime | None:
    try:
        found: datetime | None = message["Date"].datetime if message["Date"] else None
    except (AttributeError, ValueError, TypeError):
        return None
    if found is None:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
