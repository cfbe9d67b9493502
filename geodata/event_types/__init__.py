"""The taxonomy as data: one TOML file a type; more files can lie in a project's own folder.

A file holds `name`, `order` (its place in the legend), `definition`, `symbol` (a shape of mapping/style.py), `colour`
and `colour_dark` (#rrggbb for light and dark maps), and one `[[sub_type]]` table each with `name`, `definition` and
`[sub_type.keywords]`, a list of patterns per language (en, uk, ru).

A pattern is one or more words (dictionary forms), the first being the trigger:

    bombard/v             a verb; `/n` a noun, `/a` an adjective, nothing: any of these
    open fire             the words in this order, at most three others between them
    attack/n + trench     the trigger, with the other word in the same clause; `|` parts alternatives: trench|dugout
    seize/v > <place>     the other word is what is seized; here a class of words: <place>, <person>, <fighter>,
                          <crowd>, <weapon>, <valuable> (their words are listed in geodata/extract/lexicon.py)

In uk and ru a word stands for every word that begins with it: `обстріл` also finds «обстрілу», «обстріляли»; an `=`
before it asks for just that word. The more terms a pattern has, the more it says: it wins over a shorter one.
"""

import re
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from geodata.contracts import EventType, SubType
from geodata.errors import UsageError, shown

FOLDER = Path(__file__).parent
LANGUAGES = ("en", "uk", "ru")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_TEXTS = ("name", "definition", "symbol", "colour", "colour_dark")


def load_event_types(extra: Path | None = None) -> Mapping[str, EventType]:
    """The types by name in the order of the legend; `extra` is a folder of further .toml files.

    A file of `extra` that names a type of ours takes its place. UsageError names the file and what is wrong with it.
    """
    found = dict(_own())
    if extra is not None:
        if not extra.is_dir():
            raise UsageError(f"{shown(extra)} is no folder; accepted: a folder of event type files (*.toml)")
        for path in sorted(extra.glob("*.toml")):
            order, made = read_event_type(path)
            found[made.name] = (order, made)
    _check_sub_types(item for _, item in found.values())
    return {item.name: item for _, item in sorted(found.values(), key=lambda pair: (pair[0], pair[1].name))}


def read_event_type(path: Path) -> tuple[int, EventType]:
    """One file: where the type stands in the legend, and the type."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise UsageError(f"{path.name} is not UTF-8 text: {error}") from error
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path.name} is not TOML: {error}") from error
    _only(table, {*_TEXTS, "order", "sub_type"}, path.name)
    name, definition, symbol, colour, colour_dark = (_text(table, key, path.name) for key in _TEXTS)
    for key, value in (("colour", colour), ("colour_dark", colour_dark)):
        if not _COLOUR.fullmatch(value):
            raise UsageError(f"{path.name}: {key} {shown(value)} is no colour; accepted: #rrggbb")
    order = table.get("order", 1000)
    if not isinstance(order, int):
        raise UsageError(f"{path.name}: order {shown(order)} is no whole number")
    rows = table.get("sub_type", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise UsageError(f"{path.name}: sub_type must be tables, each headed [[sub_type]]")
    subs = [_sub_type(row, path.name) for row in rows]
    return order, EventType(name, definition, symbol, colour, colour_dark, {sub.name: sub for sub in subs})


@lru_cache(maxsize=1)
def _own() -> Mapping[str, tuple[int, EventType]]:
    read = [read_event_type(path) for path in sorted(FOLDER.glob("*.toml"))]
    return {item.name: (order, item) for order, item in read}


def _sub_type(row: Mapping[str, Any], file: str) -> SubType:
    _only(row, {"name", "definition", "keywords"}, file)
    keywords = row.get("keywords", {})
    if not isinstance(keywords, dict):
        raise UsageError(f"{file}: keywords must be lists by language, as en = ['raid/n']")
    for language, words in keywords.items():
        if not isinstance(words, list) or not all(isinstance(word, str) and word.strip() for word in words):
            raise UsageError(f"{file}: keywords.{language} must be a list of words")
    return SubType(
        _text(row, "name", file),
        _text(row, "definition", file),
        {language: tuple(words) for language, words in keywords.items()},
    )


def _text(table: Mapping[str, Any], key: str, file: str) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value.strip():
        raise UsageError(f"{file}: {key} is missing or no text; each type and sub-type needs it")
    return " ".join(value.split())


def _only(table: Mapping[str, Any], known: set[str], file: str) -> None:
    for key in table:
        if key not in known:
            raise UsageError(f"{file}: {shown(key)} is unknown; accepted: {', '.join(sorted(known))}")


def _check_sub_types(types: Any) -> None:
    owner: dict[str, str] = {}
    for item in types:
        for name in item.sub_types:
            if name in owner:
                raise UsageError(f"sub-type {shown(name)} is in both {shown(owner[name])} and {shown(item.name)}")
            owner[name] = item.name
