"""Importers: files -> stories, or rows that are events already.

`IMPORTERS` is the table of those that make stories of the bytes of one file, `ROW_IMPORTERS` that of those that stream
the rows of a file of any size: a new format is one file and one line in one of them. `detect` tells the format by
content, then by name; it needs no more than a file's first `HEAD_BYTES`.
"""

import json
from collections.abc import Mapping
from pathlib import Path, PurePath

from geodata.contracts import Importer
from geodata.contracts.tables import ColumnMapping, RowImporter, RowSource
from geodata.errors import UsageError, shown
from geodata.sources import docx, feed, formats, html, jsonl, markdown, mhtml, pdf, text
from geodata.sources.columns import assign
from geodata.sources.encoding import ACCEPTED, decode
from geodata.sources.formats.delimited import HEAD_BYTES, head_of
from geodata.sources.readings import as_reading
from geodata.sources.tables import delimited_rows, is_objects, is_workbook, object_rows, workbook_rows
from geodata.sources.tables.records import delimiter

ROW_IMPORTERS: Mapping[str, RowImporter] = {
    "csv": delimited_rows,
    "excel": workbook_rows,
    "json": object_rows,
    **formats.FORMATS,
}
IMPORTERS: Mapping[str, Importer] = {
    "text": text.read,
    "markdown": markdown.read,
    "html": html.read,
    "mhtml": mhtml.read,
    "docx": docx.read,
    "pdf": pdf.read,
    "feed": feed.read,
    "jsonl": jsonl.read,
    **{name: as_reading(rows) for name, rows in ROW_IMPORTERS.items()},
}
"""Of rows too: `readings` reads them whole, for files that are known to be short."""
SUFFIXES: Mapping[str, str] = {
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".mhtml": "mhtml",
    ".mht": "mhtml",
    ".docx": "docx",
    ".pdf": "pdf",
    ".rss": "feed",
    ".atom": "feed",
    ".xml": "feed",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "geojson",
    ".csv": "csv",
    ".tsv": "csv",
    ".xlsx": "excel",
    ".xlsm": "excel",
    ".xlsb": "excel",
    ".xls": "excel",
    ".ods": "excel",
    **formats.SUFFIXES,
}
HEAD_CHARS = 5000
_PAGE_MARKS = ("<!doctype html", "<html", "<head", "<body", "<article")


def detect(data: bytes, name: str) -> str:
    """The format's name in IMPORTERS, by content first, then by the file name; UsageError for what is not text."""
    suffix = SUFFIXES.get(PurePath(name).suffix.casefold(), "")
    if kind := _binary(data, suffix):
        return kind
    found, _ = decode(data, name)
    return _by_content(found.removeprefix("\ufeff"), suffix) or suffix or "text"


def importer(format_name: str) -> Importer:
    """The importer of that name; UsageError lists the names there are."""
    if format_name not in IMPORTERS:
        raise UsageError(f"format {shown(format_name)} is unknown; accepted: {', '.join(IMPORTERS)}")
    return IMPORTERS[format_name]


def format_of(path: Path, name: str = "", format_name: str = "") -> str:
    """The format of a file by its beginning, or the one named; UsageError for one that is unknown, or no text."""
    if format_name:
        importer(format_name)
        return format_name
    head = head_of(path)
    if len(head) == HEAD_BYTES:
        # cut between two lines, so that no character is
        head = head[: head.rfind(b"\n") + 1] or head
    return detect(head, name or path.name)


def open_rows(path: Path, name: str = "", format_name: str = "", mapping: ColumnMapping | None = None) -> RowSource:
    """The rows of a file in one of the formats of ROW_IMPORTERS."""
    kind = format_of(path, name, format_name)
    if kind not in ROW_IMPORTERS:
        raise UsageError(f"{name or path.name} holds stories ({kind}), no rows; accepted: {', '.join(ROW_IMPORTERS)}")
    return ROW_IMPORTERS[kind](path, name or path.name, mapping)


def _binary(data: bytes, suffix: str) -> str:
    """The format of a file that is no text, where it is one of ours; else empty."""
    if data.startswith(b"%PDF-"):
        return "pdf"
    if is_workbook(data, suffix):
        return "excel"
    if docx.looks_like_docx(data):
        return "docx"
    if kind := formats.binary_format(data, suffix):
        return kind
    return suffix if suffix in ("docx", "excel") and data.startswith((b"PK", docx.ENCRYPTED)) else ""


def _by_content(found: str, suffix: str) -> str:
    head = found[:HEAD_CHARS].lstrip()
    low = head[:1000].casefold()
    if kind := formats.text_format(found[:HEAD_BYTES]):
        return kind
    if low.startswith("<") and any(mark in low for mark in feed.MARKS):
        return "feed"
    if low.startswith("<") and any(mark in low for mark in _PAGE_MARKS):
        return "html"
    if low.startswith(mhtml.MARKS) and "multipart/related" in head.casefold():
        return "mhtml"
    if head.startswith(("{", "[")) and is_objects(found[:HEAD_BYTES]):
        return "json"
    if head.startswith("{") and _is_story_line(found):
        return "jsonl"
    if head.startswith(("---\n", "---\r\n")):
        return "markdown"
    if suffix in ("", "csv") and _is_table(head):
        return "csv"
    return ""


def _is_story_line(found: str) -> bool:
    """Whether the first line is an object with a text."""
    first = found.lstrip().partition("\n")[0]
    try:
        row = json.loads(first)
    except (ValueError, RecursionError):
        return False
    return isinstance(row, dict) and "text" in row and "features" not in row


def _is_table(head: str) -> bool:
    """Whether the first line is a header with at least two columns that are known, and the next has as many cells."""
    lines = head.splitlines()
    mark = delimiter(head)
    if len(lines) < 2 or lines[0].count(mark) < 1:
        return False
    return len(assign(cell.strip('"') for cell in lines[0].split(mark))) >= 2


__all__ = ["ACCEPTED", "IMPORTERS", "ROW_IMPORTERS", "SUFFIXES", "detect", "format_of", "importer", "open_rows"]
