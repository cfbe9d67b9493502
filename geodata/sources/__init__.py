"""Importers: bytes of one file -> documents, or events where its rows are events already.

`IMPORTERS` is the table: a new format is one file and one line here. `detect` tells the format by
content, then by name.
"""

import json
from collections.abc import Mapping
from pathlib import PurePath

from geodata.contracts import Importer
from geodata.errors import UsageError, shown
from geodata.sources import csv_events, docx, feed, geojson, html, jsonl, markdown, mhtml, pdf, text
from geodata.sources.columns import assign
from geodata.sources.encoding import ACCEPTED, decode

IMPORTERS: Mapping[str, Importer] = {
    "text": text.read,
    "markdown": markdown.read,
    "html": html.read,
    "mhtml": mhtml.read,
    "docx": docx.read,
    "pdf": pdf.read,
    "feed": feed.read,
    "jsonl": jsonl.read,
    "geojson": geojson.read,
    "csv": csv_events.read,
}
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
    ".geojson": "geojson",
    ".json": "geojson",
    ".csv": "csv",
    ".tsv": "csv",
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


def _binary(data: bytes, suffix: str) -> str:
    """The format of a file that is no text, where it is one of ours; else empty."""
    if data.startswith(b"%PDF-"):
        return "pdf"
    if docx.looks_like_docx(data) or (suffix == "docx" and data.startswith((b"PK", docx.ENCRYPTED))):
        return "docx"
    return ""


def _by_content(found: str, suffix: str) -> str:
    head = found[:HEAD_CHARS].lstrip()
    low = head[:1000].casefold()
    if low.startswith("<") and any(mark in low for mark in feed.MARKS):
        return "feed"
    if low.startswith("<") and any(mark in low for mark in _PAGE_MARKS):
        return "html"
    if low.startswith(mhtml.MARKS) and "multipart/related" in head.casefold():
        return "mhtml"
    if head.startswith("{"):
        return _json_kind(found)
    if head.startswith(("---\n", "---\r\n")):
        return "markdown"
    if suffix in ("", "csv") and _is_table(head):
        return "csv"
    return ""


def _json_kind(found: str) -> str:
    """jsonl where the first line is an object with a text; geojson where it holds features; else empty."""
    first = found.lstrip().partition("\n")[0]
    try:
        row = json.loads(first)
    except (ValueError, RecursionError):
        row = None
    if isinstance(row, dict) and "text" in row and "features" not in row:
        return "jsonl"
    return "geojson" if '"Feature' in found[:HEAD_CHARS] or '"features"' in found[:HEAD_CHARS] else ""


def _is_table(head: str) -> bool:
    """Whether the first line is a header with at least two columns that are known, and the next has as many cells."""
    lines = head.splitlines()
    mark = csv_events.delimiter(head)
    if len(lines) < 2 or lines[0].count(mark) < 1:
        return False
    return len(assign(cell.strip('"') for cell in lines[0].split(mark))) >= 2


__all__ = ["ACCEPTED", "IMPORTERS", "SUFFIXES", "detect", "importer"]
