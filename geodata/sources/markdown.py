"""Markdown (.md): one story a file, its mark-up taken off so that the words read on.

It may begin with a front matter between two lines of `---`: `title`, `url`, `publisher`, `published` (a day),
`language` and `sample` (true for our own examples), each `name: value` on a line of its own.
"""

import re

from geodata.contracts import Reading
from geodata.errors import UsageError, shown
from geodata.sources.encoding import clean, decode, encoding_note
from geodata.sources.stories import reading, source_of, story

FIELDS = ("title", "url", "publisher", "published", "language", "sample")
_FRONT = re.compile(r"\A---[ \t]*\n(.*?)^---[ \t]*$\n?", re.DOTALL | re.MULTILINE)
_INLINE = (
    (re.compile(r"<!--.*?-->", re.DOTALL), ""),
    (re.compile(r"<(script|style)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE), ""),
    (re.compile(r"!\[([^\]]*)\]\([^)\s]*(?:\s+\"[^\"]*\")?\)"), r"\1"),
    (re.compile(r"\[([^\]]+)\]\([^)\s]*(?:\s+\"[^\"]*\")?\)"), r"\1"),
    (re.compile(r"\[([^\]]+)\]\[[^\]]*\]"), r"\1"),
    (re.compile(r"^\[[^\]]+\]:\s+\S+.*$", re.MULTILINE), ""),
    (re.compile(r"<(https?://[^>\s]+)>"), r"\1"),
    (re.compile(r"</?[a-zA-Z][^<>]*>"), ""),
    (re.compile(r"^[ \t]{0,3}(?:```|~~~).*$", re.MULTILINE), ""),
    (re.compile(r"^[ \t]{0,3}(?:[-*_][ \t]*){3,}$", re.MULTILINE), ""),
    (re.compile(r"^[ \t]{0,3}#{1,6}[ \t]+(.*?)[ \t]*#*[ \t]*$", re.MULTILINE), r"\1"),
    (re.compile(r"^(.+)\n[ \t]{0,3}(?:=+|-{2,})[ \t]*$", re.MULTILINE), r"\1"),
    (re.compile(r"^[ \t]{0,3}(?:>[ \t]?)+", re.MULTILINE), ""),
    (re.compile(r"^[ \t]*[-*+][ \t]+", re.MULTILINE), ""),
    (re.compile(r"(\*\*\*|\*\*|\*)(?=\S)(.+?)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<!\w)(___|__|_)(?=\S)(.+?)(?<=\S)\1(?!\w)"), r"\2"),
    (re.compile(r"~~(?=\S)(.+?)(?<=\S)~~"), r"\1"),
    (re.compile(r"`+([^`]+)`+"), r"\1"),
    (re.compile(r"\\([\\`*_{}\[\]()#+.!>-])"), r"\1"),
)
_HEADING = re.compile(r"^[ \t]{0,3}#[ \t]+(.+?)[ \t]*#*[ \t]*$", re.MULTILINE)


def read(data: bytes, name: str) -> Reading:
    raw, encoding = decode(data, name)
    text, notes = clean(raw)
    fields, body = front_matter(text, name)
    heading = _HEADING.search(body)
    if heading and "title" not in fields:
        fields["title"] = strip(heading[1])
    made = story(
        strip(body),
        name,
        source=source_of(fields),
        language=fields.get("language", ""),
        notes=(*encoding_note(encoding), *notes),
        sample=fields.get("sample", "").casefold() in ("true", "yes", "1"),
        dated_by_text=True,
    )
    return reading(made)


def front_matter(text: str, name: str) -> tuple[dict[str, str], str]:
    """The fields at the head of a file, and the rest; UsageError names a field that is not one of ours."""
    match = _FRONT.match(text)
    if not match:
        return {}, text
    fields: dict[str, str] = {}
    for line in match[1].splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        key, colon, value = line.partition(":")
        if not colon or key.strip() not in FIELDS:
            raise UsageError(f"{name}: {shown(line.strip())} is no field of a story; accepted: {', '.join(FIELDS)}")
        fields[key.strip()] = value.strip().strip("\"'")
    return fields, text[match.end() :]


def strip(text: str) -> str:
    """Markdown as the words a reader sees: link texts without addresses, no marks of emphasis, headings or lists."""
    for pattern, replacement in _INLINE:
        text = pattern.sub(replacement, text)
    return re.sub(r"\n{3,}", "\n\n", text).strip()
