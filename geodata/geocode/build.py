"""Builds the gazetteer: one SQLite file, the same for the same sources, put in place in one step when it is whole."""

import hashlib
import json
import os
import sqlite3
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from geodata.errors import SetupError
from geodata.geocode.fold import fold
from geodata.geocode.readers.facts import FACTS
from geodata.geocode.records import SOURCES, Progress, Record, rank_of
from geodata.geocode.schema import INDEXES, TABLES, VERSION
from geodata.geocode.swap import MARK, put_in_place, words_fit
from geodata.geocode.wordlist import write_wordlist

PARTS = Path(__file__).parent
READERS = PARTS / "readers"
BUILDER = ("assembly.py", "build.py", "fold.py", "records.py", "schema.py", "territory.py", "wordlist.py")


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did. `built` is False where the file was up to date already."""

    path: Path
    built: bool
    places: int
    names: int
    seconds: float
    size_bytes: int
    unplaced_areas: int = 0


@dataclass(frozen=True, slots=True)
class GazetteerInfo:
    """What a gazetteer file says of itself. `counts` is places by precision; `sources` credits each package."""

    path: Path
    version: str
    places: int
    names: int
    counts: dict[str, int] = field(default_factory=dict)
    sources: list[dict[str, str]] = field(default_factory=list)


def _silent(_message: str) -> None:
    return


def build_gazetteer(target: Path, *, force: bool = False, progress: Progress = _silent) -> BuildReport:
    """Makes or renews the gazetteer at `target`; nothing is done where it is up to date, unless `force`.

    Readers of the old file keep it until they open anew. Whoever may not be alone holds the lock (`swap.changing`).
    """
    started = time.perf_counter()
    wanted = fingerprint()
    meta = read_meta(target)
    if not force and meta.get("fingerprint") == wanted and words_fit(target, meta.get(MARK, "")):
        info = gazetteer_info(target)
        return BuildReport(target, False, info.places, info.names, 0.0, target.stat().st_size)
    from geodata.geocode.assembly import assemble  # its readers are not needed to see that nothing is to do

    assembled = assemble(progress)
    target.parent.mkdir(parents=True, exist_ok=True)
    report = write_gazetteer(target, assembled.records, wanted, progress)
    seconds = time.perf_counter() - started
    progress(f"gazetteer ready: {report.places:,} places, {report.names:,} names in {seconds:.0f} s")
    return BuildReport(
        target, True, report.places, report.names, seconds, target.stat().st_size, assembled.unplaced_areas
    )


def write_gazetteer(target: Path, records: Iterable[Record], mark: str, progress: Progress = _silent) -> GazetteerInfo:
    """Writes records that all have a position to files beside `target`, then puts them in place."""
    handle, name = tempfile.mkstemp(prefix=f"{target.name}.", suffix=".building", dir=target.parent)
    os.close(handle)
    draft, words = Path(name), Path(f"{name}.names")
    try:
        counts = _fill(draft, list(records), mark, progress)
        progress("indexing names for running text")
        write_wordlist(draft, words)
        put_in_place(draft, words, target)
    finally:
        draft.unlink(missing_ok=True)
        words.unlink(missing_ok=True)
    return GazetteerInfo(target, VERSION, sum(counts[0].values()), counts[1])


def _fill(path: Path, records: list[Record], mark: str, progress: Progress) -> tuple[dict[str, int], int]:
    db = sqlite3.connect(path, isolation_level=None)
    try:
        db.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-200000;" + TABLES)
        db.execute("BEGIN")
        numbers = {record.place_id: number for number, record in enumerate(records, start=1)}
        counts: dict[str, int] = {}
        for record in records:
            counts[record.precision.value] = counts.get(record.precision.value, 0) + 1
        progress(f"writing {len(records):,} places")
        db.executemany(f"INSERT INTO places VALUES ({','.join('?' * 16)})", _place_rows(records, numbers))  # noqa: S608
        db.executemany(
            "INSERT INTO points VALUES (?,?,?,?,?)",
            ((n, r.lon, r.lon, r.lat, r.lat) for n, r in enumerate(records, start=1) if r.feature.startswith("P.")),
        )
        progress("folding names")
        names = sorted(_name_rows(records))
        progress(f"writing {len(names):,} names")
        db.executemany("INSERT INTO names VALUES (?,?,?,?)", names)
        db.executemany("INSERT INTO meta VALUES (?,?)", _meta(mark, counts, len(names)).items())
        db.execute("COMMIT")
        db.executescript(INDEXES + "ANALYZE;")
    finally:
        db.close()
    return counts, len(names)


def _place_rows(records: Iterable[Record], numbers: dict[str, int]) -> Iterator[tuple[object, ...]]:
    for number, r in enumerate(records, start=1):
        bounds = r.bounds or (None, None, None, None)
        areas = (numbers.get(r.admin1), numbers.get(r.admin2))
        head = (number, r.place_id, r.name, r.lon, r.lat, r.feature, r.precision.value, r.country)
        yield (*head, *areas, r.population, r.radius_m, *bounds)


def _name_rows(records: Iterable[Record]) -> Iterator[tuple[str, int, int, int]]:
    for number, record in enumerate(records, start=1):
        rank = rank_of(record)
        folded: dict[str, int] = {}
        for name, kind in record.names.items():
            for key in {fold(name), fold(name.replace("'", "").replace("’", ""))}:
                if key and kind < folded.get(key, 99):
                    folded[key] = int(kind)
        for key, number_of_kind in folded.items():
            yield key, number, number_of_kind, rank


def _meta(mark: str, counts: dict[str, int], names: int) -> dict[str, str]:
    sources = [{"package": s.package, "version": s.version(), "what": s.what} for s in SOURCES]
    for entry, source in zip(sources, SOURCES, strict=True):
        entry.update(licence=source.licence, credit=source.credit)
    own = {"package": "dateline", "version": VERSION, "what": "seas, regions, sites and former names"}
    sources.append({**own, "licence": "as the program", "credit": "Dateline"})
    numbers = {"names": names, "places": sum(counts.values())}
    return {
        "version": VERSION,
        "fingerprint": mark,
        "sources": json.dumps(sources),
        "counts": json.dumps(counts),
        **{key: str(value) for key, value in numbers.items()},
    }


def fingerprint() -> str:
    """A hash of all that a build depends on: the tables' version, the sources' versions, our facts, the builder."""
    digest = hashlib.sha256(VERSION.encode())
    for source in SOURCES:
        digest.update(f"{source.package}={source.version()};".encode())
    for path in [*sorted(FACTS.iterdir()), *sorted(READERS.glob("*.py")), *(PARTS / name for name in BUILDER)]:
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def read_meta(path: Path) -> dict[str, str]:
    """The gazetteer's meta table; empty where the file is missing or no gazetteer."""
    if not path.is_file():
        return {}
    try:
        db = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
        try:
            return dict(db.execute("SELECT key, value FROM meta"))
        finally:
            db.close()
    except sqlite3.DatabaseError:  # a broken one is built anew
        return {}


def gazetteer_info(path: Path) -> GazetteerInfo:
    """What the file holds and where from. SetupError where it is missing or no gazetteer."""
    if not path.is_file():
        raise SetupError(f"there is no gazetteer at {path}; run `make setup`")
    try:
        db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        try:
            meta = dict(db.execute("SELECT key, value FROM meta"))
        finally:
            db.close()
    except sqlite3.DatabaseError as error:
        raise SetupError(f"{path} is no gazetteer ({error}); run `make setup`") from error
    counts, sources = json.loads(meta["counts"]), json.loads(meta["sources"])
    return GazetteerInfo(path, meta["version"], int(meta["places"]), int(meta["names"]), counts, sources)
