"""JSON Lines (.jsonl): one story a line, {"text"} with any of "doc_id", "title", "url", "publisher", "published",
"language". A line that does not fit is reported with its number, and the others are taken.
"""

import json

from geodata.contracts import Reading, RowProblem
from geodata.errors import UsageError, shown
from geodata.model import Document
from geodata.sources.encoding import decode, encoding_note
from geodata.sources.stories import source_of, story

FIELDS = ("doc_id", "title", "url", "publisher", "published", "language")


def read(data: bytes, name: str) -> Reading:
    text, encoding = decode(data, name)
    documents: list[Document] = []
    problems: list[RowProblem] = []
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
        if not line.strip():
            continue
        try:
            documents.append(parse_story(line, f"line {number}", encoding_note(encoding)))
        except UsageError as error:
            problems.append(RowProblem(name, number, str(error)))
    if not documents:
        first = f"; line {problems[0].line}: {problems[0].message}" if problems else ""
        raise UsageError(f'{name} holds no story; accepted: one {{"text": "..."}} a line{first}')
    return Reading(documents=tuple(documents), problems=tuple(problems))


def parse_line(line: str) -> dict[str, object]:
    """One JSON object with a text; UsageError says what is wrong with the line."""
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"not JSON: {error}") from error
    if not isinstance(row, dict):
        raise UsageError(f'{shown(line)} is not an object; accepted: {{"text": "..."}}')
    if not isinstance(row.get("text"), str):
        raise UsageError('has no "text", or one that is not a string')
    return row


def field(row: dict[str, object], name: str) -> str:
    """A field as text; a number is taken as its digits, null as nothing."""
    value = row.get(name)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise UsageError(f'"{name}" is {shown(json.dumps(value))}, not a string')
    return str(value)


def parse_story(line: str, where: str, notes: tuple[str, ...] = ()) -> Document:
    """The story of one line; UsageError says what is wrong with it."""
    row = parse_line(line)
    fields = {name: field(row, name) for name in FIELDS}
    return story(
        str(row["text"]),
        where,
        doc_id=fields["doc_id"],
        source=source_of(fields),
        language=fields["language"],
        notes=notes,
    )
