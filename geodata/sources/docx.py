"""Word files (.docx): their paragraphs and tables as text, read from the one part of the archive that holds them.

Deleted text, comments, headers and footers are left out. The archive is never unpacked as a whole; a part that would
swell beyond MOST_XML_BYTES is refused before it is read.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator

from geodata.contracts import Reading
from geodata.errors import UsageError
from geodata.sources.stories import reading, story

MOST_XML_BYTES = 50_000_000
BODY = "word/document.xml"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"  # a second telling of a drawing
ENCRYPTED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def looks_like_docx(data: bytes) -> bool:
    """Whether these bytes are a zip archive that holds a Word document."""
    return data.startswith(b"PK\x03\x04") and BODY.encode() in data


def read(data: bytes, name: str) -> Reading:
    text = "\n\n".join(_paragraphs(_body(data, name), name))
    if not text.strip():
        raise UsageError(f"{name} holds no text; accepted: a Word file (.docx) with text, not only pictures")
    return reading(story(text, name, dated_by_text=True))


def _body(data: bytes, name: str) -> bytes:
    if data.startswith(ENCRYPTED):
        raise UsageError(f"{name} is an old Word file or has a password; accepted: .docx without a password")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = archive.getinfo(BODY).file_size
            if size > MOST_XML_BYTES:
                raise UsageError(f"{name} would unpack to {size:,} bytes of text; accepted: at most {MOST_XML_BYTES:,}")
            with archive.open(BODY) as part:
                found = part.read(MOST_XML_BYTES + 1)
    except KeyError as error:
        raise UsageError(f"{name} is a zip archive but no Word file; accepted: .docx") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise UsageError(f"{name} is damaged and cannot be unpacked ({error}); accepted: a whole .docx file") from error
    if len(found) > MOST_XML_BYTES:
        raise UsageError(f"{name} unpacks to more than {MOST_XML_BYTES:,} bytes of text, which is the most accepted")
    if b"<!DOCTYPE" in found[:2000] or b"<!ENTITY" in found:
        raise UsageError(f"{name} declares a document type or entities, which no Word file does; it is not read")
    return found


def _paragraphs(body: bytes, name: str) -> Iterator[str]:
    from lxml import etree

    stream = etree.iterparse(
        io.BytesIO(body), events=("start", "end"), resolve_entities=False, no_network=True, huge_tree=False
    )
    open_paragraphs: list[list[str]] = []  # a text box is a paragraph inside a paragraph
    skipped = 0
    try:
        for event, element in stream:
            tag = str(element.tag).replace(_STRICT, _W)
            if tag == _FALLBACK:
                skipped += 1 if event == "start" else -1
            elif event == "start":
                if tag == f"{_W}p":
                    open_paragraphs.append([])
            elif tag == f"{_W}p":
                words = "".join(open_paragraphs.pop())
                if words.strip() and not skipped:
                    yield words.strip()
                element.clear()
            elif open_paragraphs:
                open_paragraphs[-1].append(_piece(tag, element.text))
    except etree.XMLSyntaxError as error:
        raise UsageError(
            f"{name} is damaged: its text is not XML ({error.msg}); accepted: a whole .docx file"
        ) from error


def _piece(tag: str, text: str | None) -> str:
    if tag == f"{_W}t":
        return text or ""
    if tag in (f"{_W}br", f"{_W}cr"):
        return "\n"
    return {f"{_W}tab": "\t", f"{_W}noBreakHyphen": "-"}.get(tag, "")
