"""What a document says of where it is about: countries by name and by demonym, and the words around a name."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from geodata.geocode.fold import fold
from geodata.geocode.gazetteer import Entry, SqliteGazetteer
from geodata.geocode.records import NameKind
from geodata.geocode.seats import area_of
from geodata.model import Document, Precision, Toponym

_CAPITALISED = re.compile(r"\b[A-ZÀ-ÞА-ЯІЇЄҐ][\w'’-]{3,20}\b")
_MOST_WORDS = 4_000
_COUNTRY_LETTERS = 2
_FOR_ANYONE = frozenset({"ai", "cc", "co", "fm", "gg", "io", "la", "ly", "me", "nu", "sh", "to", "tv", "ws"})
"""Countries' endings that are mostly sold to others."""
_AREA_AFTER = re.compile(
    r"\W{0,2}(oblast|region|province|state|governorate|prefecture|departments?|raion|district|county|territory|area|"
    r"municipality|canton|"
    r"област[ьієюи]\w*|район\w*|кра[йяюе]\b)",
    re.IGNORECASE,
)
_AREA_BEFORE = re.compile(
    r"\b(oblast|region|province|state|governorate|prefecture|department|district|county|municipality) of\s+$",
    re.IGNORECASE,
)
_AREA_IN_NAME = re.compile(
    r"\s+(oblast|region|province|state|governorate|prefecture|department|raion|rayon|district|county|territory|"
    r"municipality|jurisdiction|canton|commune|region's)$",
    re.IGNORECASE,
)
_SECOND_LEVEL = frozenset(
    {"raion", "rayon", "district", "county", "municipality", "jurisdiction", "canton", "commune"}
    | {"район", "районі", "району", "района", "районе"}
)
Areas = tuple[set[int], set[str], set[str]]
"""What the text binds a name to: rows of areas, countries, and countries of what is called an area."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A toponym with what it can mean, and the level of area it is called ("Kherson region": 1, "Bucha raion": 2)."""

    toponym: Toponym
    entries: tuple[Entry, ...]
    area_level: int = 0
    likeness: float = 1.0
    """Of the name to those of the entries: below 1 where none has the very name."""


@dataclass(slots=True)
class Evidence:
    """Counts from the whole document: how often each country is named, and the countries of its other toponyms."""

    countries: Counter[str] = field(default_factory=Counter)
    named_by: dict[str, str] = field(default_factory=dict)
    """Country -> the word that named it, for the reasons."""
    publisher: str = ""
    """Country code of where the document was published, by its address; empty where that does not tell."""


def read_mention(gazetteer: SqliteGazetteer, toponym: Toponym, text: str) -> Mention:
    """Looks a toponym up: as it stands, without an area word in it, and as written where `name` is not found."""
    name = area_of(toponym.name)
    inside = _AREA_IN_NAME.search(name)
    entries = gazetteer.named(name)
    if inside:
        entries = tuple(dict.fromkeys([*entries, *gazetteer.named(name[: inside.start()])]))
    if not entries and toponym.text != toponym.name:
        entries = gazetteer.named(toponym.text)
    return Mention(toponym, _unique(entries), area_level(toponym, text))


def area_level(toponym: Toponym, text: str) -> int:
    """The level of area that the words call a name: 1 for "Kherson region", 2 for "Bucha raion", 0 for no area."""
    span = toponym.span
    found = _AREA_IN_NAME.search(toponym.name) or _AREA_AFTER.match(text, span.end)
    if found:
        return 2 if found.group(1).lower() in _SECOND_LEVEL else 1
    return 1 if _AREA_BEFORE.search(text, max(0, span.start - 30), span.start) else 0


def _unique(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    best: dict[int, Entry] = {}
    for entry in entries:
        if entry.row not in best or entry.kind < best[entry.row].kind:
            best[entry.row] = entry
    return tuple(best.values())


def read_evidence(gazetteer: SqliteGazetteer, document: Document, mentions: Sequence[Mention]) -> Evidence:
    """Countries that the document names, by toponym or by demonym."""
    found = Evidence(publisher=publisher_country(gazetteer, document.source.url))
    for mention in mentions:
        for entry in mention.entries:
            if entry.place.precision is Precision.COUNTRY and not _is_area_elsewhere(entry, mention.entries):
                found.countries[entry.place.country] += 1
                found.named_by.setdefault(entry.place.country, mention.toponym.text)
    words = Counter(_CAPITALISED.findall(document.text)[:_MOST_WORDS])
    folded = {word: fold(word) for word in words}
    gazetteer.look_ahead(folded.values())
    for word, times in words.items():
        for entry in gazetteer.lookup(folded[word]):
            if entry.kind is NameKind.DEMONYM:
                found.countries[entry.place.country] += times
                found.named_by.setdefault(entry.place.country, word)
    return found


def publisher_country(gazetteer: SqliteGazetteer, url: str) -> str:
    """ISO code of the country that a web address ends in; empty for .com and for those that anyone takes (.tv)."""
    try:
        ending = (urlsplit(url).hostname or "").rpartition(".")[2]
    except ValueError:  # an address that is none, such as a bracket without its like
        return ""
    if len(ending) != _COUNTRY_LETTERS or ending in _FOR_ANYONE:
        return ""
    code = {"uk": "gb"}.get(ending, ending)
    found = (e.place.country for e in gazetteer.lookup(code) if e.kind is NameKind.CODE)
    return next((country for country in found if country == code.upper()), "")


def _is_area_elsewhere(country: Entry, entries: Sequence[Entry]) -> bool:
    """Whether a country's name is also that of a first level area of another one, as Georgia's is."""
    return any(e.place.precision is Precision.ADMIN1 and e.place.country != country.place.country for e in entries)


def context_areas(gazetteer: SqliteGazetteer, toponym: Toponym) -> Areas:
    """Areas (row numbers), countries, and the areas' countries that the text binds to a toponym ("Paris, Texas").

    The last are those of areas that are called so ("Antioquia Department"): a bare name can be a town's too.
    """
    rows: set[int] = set()
    countries: set[str] = set()
    around: set[str] = set()
    for name in toponym.context:
        plain = _AREA_IN_NAME.sub("", name)
        for entry in (*gazetteer.named(name), *(gazetteer.named(plain) if plain != name else ())):
            if entry.place.precision is Precision.COUNTRY:
                countries.add(entry.place.country)
            elif entry.place.precision in (Precision.ADMIN1, Precision.ADMIN2):
                rows.add(entry.row)
                if plain != name:
                    around.add(entry.place.country)
    return rows, countries, around
