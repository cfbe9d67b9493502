"""Words in PostgreSQL: the table `event_text`, and searches of it that answer as `words.holds_words` does.

PostgreSQL's own parser knows neither our folding nor scripts without spaces, so that the words are folded here. SQLite
has that done by triggers that call these functions; no trigger of PostgreSQL's can, so it is done right behind each
statement that writes events. The index holds each word of an event once (`words`), and `.word` for those of its actors;
what stands in the order asked for is then looked up in the folded texts, where every word has a space before it.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, cast, false, func, or_, text
from sqlalchemy.dialects.postgresql import TSQUERY

from geodata.model import host_of
from geodata.query.words import phrases, tokens
from geodata.store.postgis_connection import array_text
from geodata.store.postgis_tables import event_text

Row = Mapping[str, Any]
_LONGEST = 400
"""Characters of a word that the index holds; PostgreSQL's limit is 2046 bytes."""
_MOST_BYTES = 500_000
"""Of the words of one event in the index; PostgreSQL's limit is 1 MB."""
_WRITE = text("""
    INSERT INTO event_text (row_id, words, folded, folded_actors, names, source, rejected, is_partial)
    SELECT k.row_id, n.words::tsvector, n.folded, n.folded_actors, n.names::text[], '', n.rejected::boolean,
        n.is_partial::boolean
    FROM unnest(CAST(:event_id AS text[]), CAST(:words AS text[]), CAST(:folded AS text[]),
        CAST(:folded_actors AS text[]), CAST(:names AS text[]), CAST(:rejected AS text[]), CAST(:is_partial AS text[]))
        AS n (event_id, words, folded, folded_actors, names, rejected, is_partial)
    JOIN event_keys k ON k.event_id = n.event_id
    ON CONFLICT (row_id) DO UPDATE SET words = excluded.words, folded = excluded.folded,
        folded_actors = excluded.folded_actors, names = excluded.names, rejected = excluded.rejected,
        is_partial = excluded.is_partial
""")
_WRITE_NAMES = text("""
    INSERT INTO event_names (kind, name, folded, count)
    SELECT :kind, n.name, n.folded, 0 FROM unnest(CAST(:name AS text[]), CAST(:folded AS text[])) AS n (name, folded)
    ON CONFLICT (kind, name) DO NOTHING
""")
_AT_ONCE = 2_000


def keep_words(connection: Connection, rows: Sequence[Row]) -> None:
    """Writes what the rows of `events` that were just written are found by."""
    for start in range(0, len(rows), _AT_ONCE):
        some = {row["event_id"]: row for row in rows[start : start + _AT_ONCE]}
        actors = {name: json.loads(row["actors"]) for name, row in some.items()}
        keep_names(connection, "actor", {name for names in actors.values() for name in names if name})
        found = [
            (name, str(row["status"] == "rejected"), *text_values(*_texts_of(row), actors[name]))
            for name, row in some.items()
        ]
        columns = ("event_id", "rejected", *TEXT_COLUMNS)
        given = {
            column: array_text(map(str, values))
            for column, values in zip(columns, zip(*found, strict=True), strict=True)
        }
        connection.execute(_WRITE, given)


def keep_source_names(connection: Connection, rows: Sequence[Row]) -> None:
    """The names of sources that are about to be written; a trigger counts the events that have them."""
    first = (row for row in rows if row["position"] == 0)
    keep_names(connection, "source", {row["publisher"] or host_of(row["url"]) for row in first} - {""})


def keep_names(connection: Connection, kind: str, names: Iterable[str]) -> None:
    """Names as they are listed, each folded; those that are there stay as they are."""
    ordered = sorted(names)  # in one order, or two writers could wait for each other
    if ordered:
        folded = array_text(_spaced(tokens(name)) for name in ordered)
        connection.execute(_WRITE_NAMES, {"kind": kind, "name": array_text(ordered), "folded": folded})


def word_conditions(asked: str, actor: str) -> list[ColumnElement[bool]]:
    """Conditions on `event_text` that say what `words.holds_words` says of the texts, and of the actors."""
    found: list[ColumnElement[bool]] = []
    for words, is_actor in ((asked, False), (actor, True)):
        if words.strip():
            found += _conditions(words, is_actor)
    return found


def _conditions(asked: str, is_actor: bool) -> list[ColumnElement[bool]]:
    runs = phrases(asked)
    if not runs:
        return [false()]
    lexemes: dict[str, None] = {}
    found: list[ColumnElement[bool]] = []
    actors = event_text.c.folded_actors
    for run, is_open in runs:
        for place, word in enumerate(run):
            is_prefix = (is_open and place == len(run) - 1) or len(word) > _LONGEST
            lexemes["'" + "." * is_actor + word[:_LONGEST] + "'" + ":*" * is_prefix] = None
        wanted = _spaced(run) + ("" if is_open else " ")
        in_actors = func.strpos(actors, wanted) > 0
        found.append(in_actors if is_actor else or_(func.strpos(event_text.c.folded, wanted) > 0, in_actors))
    indexed = event_text.c.words.op("@@", is_comparison=True)(cast(" & ".join(lexemes), TSQUERY))
    return [or_(indexed, event_text.c.is_partial), *found]


def _spaced(words: Iterable[str]) -> str:
    return "".join(f" {word}" for word in words)


TEXT_COLUMNS = ("words", "folded", "folded_actors", "names", "is_partial")


def text_values(title: str, quote: str, place_name: str, actors: Iterable[str]) -> tuple[str, str, str, str, bool]:
    """The values of TEXT_COLUMNS of an event with these texts."""
    names = [name for name in dict.fromkeys(actors) if name]
    texts = [tokens(text) for text in (title, quote, place_name)]
    in_actors = [tokens(name) for name in names]
    kept = {word[:_LONGEST] for part in (*texts, *in_actors) for word in part}
    kept.update(f".{word[:_LONGEST]}" for part in in_actors for word in part)
    is_partial = 4 * sum(map(len, kept)) > _MOST_BYTES and sum(len(word.encode()) for word in kept) > _MOST_BYTES
    words = "" if is_partial else " ".join(f"'{word}'" for word in kept)
    return words, _texts(texts), _texts(in_actors), array_text(names), is_partial


def _texts_of(row: Row) -> tuple[str, str, str]:
    return row["title"], row["quote"], row["place_name"] or ""


def _texts(parts: Iterable[Sequence[str]]) -> str:
    """Texts of folded words, a line each, so that no run of words reaches from one into the next."""
    return "\n".join(f"{_spaced(words)} " for words in parts if words)
