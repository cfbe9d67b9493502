"""English names of countries by their code, for sentences and lists; from the facts that the gazetteer is made with."""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

_FACTS = Path(__file__).parent.parent / "geocode" / "facts" / "countries.csv"
_WITH_ARTICLE = frozenset({"Netherlands", "Philippines", "Bahamas", "Maldives", "Gambia", "Solomon Islands"})


def country_name(code: str) -> str:
    """`Ukraine` of `UA`, ISO 3166-1 alpha-2; the code itself where we have no name for it."""
    return _names().get(code, code)


def in_sentence(code: str) -> str:
    """The name as it stands behind `in`: with its article."""
    name = country_name(code)
    has_article = name in _WITH_ARTICLE or name.startswith("United ") or "Republic" in name
    return f"the {name}" if has_article else name


@cache
def _names() -> Mapping[str, str]:
    with _FACTS.open(encoding="utf-8", newline="") as file:
        return {row["country"]: row["short"].split("|")[0] for row in csv.DictReader(file)}
