"""An extractor on a matcher that knows a handful of names, so that these tests need no gazetteer."""

import re
from collections.abc import Callable, Sequence
from datetime import date

import pytest

from geodata.contracts import Extractor
from geodata.event_types import load_event_types
from geodata.extract import make_extractor
from geodata.model import Document, Extraction, NameMatch, Source, Span
from geodata.settings import Settings

NAMES = (
    *("Melitopol", "Kherson", "Bakhmut", "Kyiv", "Ukraine", "Russia", "Crimean Peninsula", "Paris", "Texas", "London"),
    *("Georgia", "Lviv", "Odesa", "Nairobi", "Mombasa", "March", "Reading", "Ternivka", "Orikhiv", "Dobra"),
    *("Kupiansk", "Kharkiv", "Izium", "Gwoza", "Nigeria", "Borno", "Sinaloa", "Jalalabad", "Nangarhar", "Afghanistan"),
)
EVERYDAY = ("March", "Reading")
"""Names that are words too, which the gazetteer's matcher trusts less."""
STEMS = {
    "Мелітопол": "Мелітополь",
    "Харков": "Харків",
    "Харьков": "Харьков",
    "Одесі": "Одеса",
    "Бахмут": "Бахмут",
    "Одесу": "Одеса",
    "Одеса": "Одеса",
    "Одесса": "Одесса",
    "Одессе": "Одесса",
    "Мелитопол": "Мелитополь",
}


class FewNames:
    """Satisfies contracts.NameMatcher."""

    def matches(self, text: str) -> Sequence[NameMatch]:
        known = [(rf"\b{name}\b", name) for name in NAMES] + [(rf"\b{stem}\w*", name) for stem, name in STEMS.items()]
        found = [
            NameMatch(Span(match.start(), match.end()), name, 0.34 if name in EVERYDAY else 0.85)
            for pattern, name in known
            for match in re.finditer(pattern, text)
        ]
        return sorted(found, key=lambda m: m.span)


Read = Callable[..., Extraction]


@pytest.fixture(scope="session")
def extractor() -> Extractor:
    return make_extractor(Settings(), FewNames(), load_event_types())


@pytest.fixture(scope="session")
def read(extractor: Extractor) -> Read:
    """Extract one text: read(text, published=date(2023, 11, 17), language="")."""

    def one(text: str, published: date | None = date(2023, 11, 17), language: str = "") -> Extraction:
        (made,) = extractor.extract([Document("doc", text, Source(published=published), language)])
        return made

    return one
