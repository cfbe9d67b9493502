"""Names that the gazetteer lacks, asked of an online geocoder: off unless a setting names one.

Nominatim's usage policy (operations.osmfoundation.org/policies/nominatim) is kept: one request a second at most, an
address to write to in every request, every answer kept in a cache, credit to OpenStreetMap in the note.
"""

import json
import sqlite3
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from geopy.exc import GeopyError
from geopy.extra.rate_limiter import RateLimiter
from geopy.geocoders import Nominatim
from geopy.location import Location

from geodata.contracts import Resolver
from geodata.errors import UsageError, shown
from geodata.geometry import BBox, distance_m
from geodata.model import Document, Place, Precision, Resolution, Toponym
from geodata.settings import Settings

SECONDS_BETWEEN = 1.1
CACHE_NAME = "online_geocoder.sqlite"
_CREDIT = "found by Nominatim, © OpenStreetMap contributors"
_AREAS = {
    "country": Precision.COUNTRY,
    "state": Precision.ADMIN1,
    "region": Precision.ADMIN1,
    "county": Precision.ADMIN2,
}
_NEAR_M = 25_000.0


class PlaceFinder(Protocol):
    """Asks a service for one place by name; None where it knows none. geopy's GeopyError where it cannot be asked."""

    def __call__(self, name: str) -> Place | None: ...


def make_nominatim(settings: Settings, adapter_factory: Callable[..., Any] | None = None) -> PlaceFinder:
    """Nominatim, limited and cached. UsageError where no contact address is set, which its policy demands."""
    if "@" not in settings.contact:
        raise UsageError(
            f"the online geocoder needs an e-mail address to give to Nominatim; DATELINE_CONTACT is "
            f"{shown(settings.contact)}, accepted: an address such as name@example.org"
        )
    extra = {"adapter_factory": adapter_factory} if adapter_factory else {}
    agent = f"Dateline/1 ({settings.contact})"
    service = Nominatim(domain=settings.nominatim_domain, user_agent=agent, timeout=10, **extra)
    ask = RateLimiter(service.geocode, min_delay_seconds=SECONDS_BETWEEN, max_retries=1, swallow_exceptions=False)
    return CachedFinder(settings.data / CACHE_NAME, lambda name: ask(name, addressdetails=True, language="en"))


GEOCODERS: Mapping[str, Callable[[Settings], PlaceFinder]] = {"nominatim": make_nominatim}
"""Online geocoders by the name that DATELINE_ONLINE_GEOCODER gives."""


class CachedFinder:
    """Asks once for each name; that nothing was found is remembered too."""

    def __init__(self, cache: Path, ask: Callable[[str], Location | None]) -> None:
        self._cache = cache
        self._ask = ask
        self._lock = threading.Lock()

    def __call__(self, name: str) -> Place | None:
        key = " ".join(name.casefold().split())
        with self._lock, closing(self._open()) as db:
            row = db.execute("SELECT raw FROM answers WHERE name = ?", (key,)).fetchone()
            if row is None:
                location = self._ask(name)
                raw = json.dumps(location.raw if location else None)
                with db:
                    db.execute("INSERT OR REPLACE INTO answers VALUES (?, ?)", (key, raw))
            else:
                raw = row[0]
        answer = json.loads(raw)
        return as_place(answer) if answer else None

    def _open(self) -> sqlite3.Connection:
        self._cache.parent.mkdir(parents=True, exist_ok=True)
        db = sqlite3.connect(self._cache)
        db.execute("CREATE TABLE IF NOT EXISTS answers (name TEXT PRIMARY KEY, raw TEXT NOT NULL)")
        return db


def as_place(raw: Mapping[str, Any]) -> Place:
    """Nominatim's answer (its JSON) as a place; its box is south, north, west, east, as text."""
    address = raw.get("address", {})
    south, north, west, east = (float(side) for side in raw["boundingbox"])
    box = BBox(west, south, east, north)
    radius_m = distance_m(box.west, box.south, box.east, box.north) / 2
    precision = _AREAS.get(raw.get("addresstype", ""), Precision.EXACT)
    if precision is Precision.EXACT and radius_m > _NEAR_M:
        precision = Precision.REGION
    return Place(
        str(raw.get("name") or raw["display_name"].split(",")[0]),
        float(raw["lon"]),
        float(raw["lat"]),
        precision,
        str(address.get("country_code", "")).upper(),
        str(address.get("state", "")),
        str(address.get("county", "")),
        f"osm:{raw.get('osm_type', '')}/{raw.get('osm_id', '')}",
        0.0 if precision is Precision.EXACT else round(radius_m),
    )


class WithOnline:
    """A resolver that asks a finder for the names its own gazetteer lacks. Satisfies contracts.Resolver."""

    def __init__(self, offline: Resolver, find: PlaceFinder) -> None:
        self._offline = offline
        self._find = find

    def resolve(self, toponyms: Sequence[Toponym], document: Document) -> Sequence[Resolution]:
        found = self._offline.resolve(toponyms, document)
        return [item if item.candidates else self._asked(item) for item in found]

    def _asked(self, missing: Resolution) -> Resolution:
        try:
            place = self._find(", ".join((missing.toponym.name, *missing.toponym.context)))
        except GeopyError as error:  # the service is down or refuses: the story is still read
            return replace(missing, note=f"{missing.note}; Nominatim could not be asked ({error})")
        if place is None:
            return replace(missing, note=f"{missing.note}, and Nominatim knows none")
        return replace(missing, place=place, confidence=0.5, note=_CREDIT)


def with_online(offline: Resolver, settings: Settings) -> Resolver:
    """The resolver itself, or with the online geocoder that the settings name. UsageError for an unknown name."""
    if not settings.online_geocoder:
        return offline
    if settings.online_geocoder not in GEOCODERS:
        known = ", ".join(GEOCODERS)
        raise UsageError(f"online geocoder {shown(settings.online_geocoder)} is unknown; accepted: {known}")
    return WithOnline(offline, GEOCODERS[settings.online_geocoder](settings))
