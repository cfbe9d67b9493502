"""Adds GeoNames dumps to the gazetteer, takes them out, and puts them back when the base is built anew.

Each change makes a new file beside the gazetteer and puts it in place when it is whole: whoever reads the old file
keeps it until it is opened anew, and a change that fails leaves everything as it was.
"""

import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from geodata.errors import SetupError, UsageError, shown
from geodata.geocode.additions.dump import DumpFile, look_into
from geodata.geocode.additions.merge import Draft, Merged
from geodata.geocode.additions.shelf import Addition, Shelf
from geodata.geocode.additions.wordlist import extend_wordlist
from geodata.geocode.build import BuildReport, build_gazetteer, fingerprint, gazetteer_info, read_meta
from geodata.geocode.records import Progress
from geodata.geocode.swap import LONG_WAIT_S, MARK, changing, put_in_place, words_fit
from geodata.geocode.wordlist import names_path

_ROOM = 4
"""Bytes of disk that a byte of an unpacked dump may take while it is added: rows, names, and their sorting."""


def _silent(_message: str) -> None:
    return


def additions(gazetteer: Path) -> list[Addition]:
    """What was added to the gazetteer, in order."""
    return Shelf(gazetteer).entries()


def add_dumps(gazetteer: Path, paths: Sequence[Path], credit: str = "", progress: Progress = _silent) -> list[Addition]:
    """Adds country dumps and alternate names, or renews those of the same name; what came of each.

    UsageError where a file is no dump or has too many bad rows: nothing has changed then.
    """
    files = {_name_of(path): look_into(path) for path in paths}
    if len(files) < len(paths):
        raise UsageError("two of the files have the same name; each is remembered by its name: rename one")
    _needs_gazetteer(gazetteer)
    shelf = Shelf(gazetteer)
    with changing(gazetteer, progress):
        _check_room(gazetteer, files.values())
        _ready_base(shelf, progress)
        old = shelf.entries()
        fresh = []
        try:
            for name, file in files.items():
                kept, sha256 = shelf.keep(file.path, name)
                kind, today = "places" if file.is_places else "names", datetime.now(UTC).date().isoformat()
                fresh.append(Addition(name, kept, sha256, file.path.stat().st_size, credit, today, kind))
            wanted = [entry for entry in old if entry.name not in files] + fresh
            done = _apply(shelf, wanted, progress)
        except BaseException:
            shelf.drop([entry.file for entry in fresh if entry.file not in {o.file for o in old}])
            raise
    return [entry for entry in done if entry.name in files]


def remove_dump(gazetteer: Path, name: str, progress: Progress = _silent) -> Addition:
    """Takes a dump out again; UsageError where nothing of that name was added."""
    shelf = Shelf(gazetteer)
    known = shelf.entries()
    wanted = _name_of(Path(name))
    found = next((entry for entry in known if entry.name.casefold() == wanted.casefold()), None)
    if found is None:
        there = ", ".join(entry.name for entry in known) or "nothing"
        raise UsageError(f"{shown(name)} was not added to the gazetteer; added are: {there}")
    _needs_gazetteer(gazetteer)
    with changing(gazetteer, progress):
        _ready_base(shelf, progress)
        _apply(shelf, [entry for entry in shelf.entries() if entry.name != found.name], progress)
    return found


def build_with_additions(gazetteer: Path, *, force: bool = False, progress: Progress = _silent) -> BuildReport:
    """Builds the gazetteer where it is missing or out of date, and puts back what was added to it.

    Where another process is changing it, this one waits, and then seldom finds anything left to do.
    """
    shelf = Shelf(gazetteer)
    with changing(gazetteer, progress, LONG_WAIT_S):
        entries, meta = shelf.entries(), read_meta(gazetteer)
        if not entries:
            return build_gazetteer(gazetteer, force=force or bool(meta.get("added")), progress=progress)
        fits = meta.get("fingerprint") == fingerprint() and words_fit(gazetteer, meta.get(MARK, ""))
        if not force and fits and meta.get("added") == _mark(entries):
            return build_gazetteer(gazetteer, progress=progress)  # it is up to date
        if force or not _link_if_plain(shelf):
            build_gazetteer(shelf.base, force=force, progress=progress)
        started = datetime.now(UTC)
        _apply(shelf, entries, progress)
    info = gazetteer_info(gazetteer)
    seconds = (datetime.now(UTC) - started).total_seconds()
    return BuildReport(gazetteer, True, info.places, info.names, seconds, gazetteer.stat().st_size)


def _apply(shelf: Shelf, wanted: Sequence[Addition], progress: Progress) -> list[Addition]:
    """Makes the gazetteer of the base and the wanted additions, and puts it in place; the list with what came of it."""
    # names are given to places that are there: alternate names come after all places
    ordered = sorted(wanted, key=lambda entry: not entry.is_places)
    handle, name = tempfile.mkstemp(prefix=f"{shelf.gazetteer.name}.", suffix=".building", dir=shelf.gazetteer.parent)
    os.close(handle)
    draft, words = Path(name), Path(name + ".names")
    try:
        shutil.copyfile(shelf.base, draft)
        shutil.copyfile(names_path(shelf.base), words)
        done = _fill(shelf, draft, words, ordered, progress) if ordered else []
        put_in_place(draft, words, shelf.gazetteer)
        shelf.write(done)
        if not done:
            shelf.drop([shelf.base.name, names_path(shelf.base).name])
    except sqlite3.Error as error:
        raise SetupError(f"the additions could not be written ({error}); nothing was changed") from error
    finally:
        draft.unlink(missing_ok=True)
        words.unlink(missing_ok=True)
    return done


def _fill(shelf: Shelf, path: Path, words: Path, wanted: Sequence[Addition], progress: Progress) -> list[Addition]:
    draft = Draft(path, progress)
    try:
        last = draft.last_known
        done = []
        for entry in wanted:
            progress(f"{entry.name}: reading")
            file = look_into(shelf.folder / entry.file, entry.name)
            merged = draft.take_in(file, entry.name)
            done.append(_told(entry, merged, progress))
        draft.finish()
        _write_meta(draft.db, done)
        draft.db.execute("COMMIT")
        draft.db.executescript("PRAGMA analysis_limit=1000; ANALYZE;")
        progress("indexing names for running text")
        extend_wordlist(names_path(shelf.base), draft.db, last, words)
    finally:
        draft.close()
    return done


def _told(entry: Addition, merged: Merged, progress: Progress) -> Addition:
    if merged.bad:
        progress(f"{entry.name}: {merged.bad:,} of {merged.rows:,} rows left out: {'; '.join(merged.bad_shown)}")
    done = replace(entry, rows=merged.rows, added=merged.added, merged=merged.merged)
    return replace(done, names=merged.names, bad=merged.bad)


def _write_meta(db: sqlite3.Connection, done: Sequence[Addition]) -> None:
    meta = dict(db.execute("SELECT key, value FROM meta"))
    counts = dict(db.execute("SELECT precision, count(*) FROM places GROUP BY precision"))
    sources = json.loads(meta["sources"])
    for entry in done:
        what = {"package": entry.name, "version": entry.date, "what": f"added {entry.kind}"}
        sources.append({**what, "licence": "as its publisher says", "credit": entry.credit or "not told"})
    fresh = {
        "counts": json.dumps(counts),
        "places": str(sum(counts.values())),
        "names": str(int(meta["names"]) + sum(entry.names for entry in done)),
        "sources": json.dumps(sources),
        "added": _mark(done),
    }
    db.executemany("INSERT OR REPLACE INTO meta VALUES (?,?)", fresh.items())


def _mark(entries: Sequence[Addition]) -> str:
    """What tells whether a gazetteer holds just these additions."""
    return json.dumps(sorted(f"{entry.name}={entry.sha256}" for entry in entries))


def _ready_base(shelf: Shelf, progress: Progress) -> None:
    """Sees to it that there is a base: the gazetteer before anything was added, or one built anew."""
    if not _link_if_plain(shelf) and not _fits(shelf):
        build_gazetteer(shelf.base, progress=progress)


def _link_if_plain(shelf: Shelf) -> bool:
    """Keeps the gazetteer as the base where it holds no additions; whether it does not and is up to date."""
    meta = read_meta(shelf.gazetteer)
    if not meta or meta.get("added") or not words_fit(shelf.gazetteer, meta.get(MARK, "")):
        return False
    shelf.link_base()
    return meta.get("fingerprint") == fingerprint()


def _fits(shelf: Shelf) -> bool:
    """Whether the base is that of the gazetteer in use, though a newer program would build it otherwise."""
    base, used = read_meta(shelf.base), read_meta(shelf.gazetteer)
    same = base.get("fingerprint") == used.get("fingerprint") and base.get("version") == used.get("version")
    return bool(base) and same and words_fit(shelf.base, base.get(MARK, ""))


def _needs_gazetteer(gazetteer: Path) -> None:
    gazetteer_info(gazetteer)
    if not names_path(gazetteer).is_file():
        raise SetupError(f"there is no word list beside {gazetteer}; run `make setup`")


def _check_room(gazetteer: Path, files: Iterable[DumpFile]) -> None:
    needed = 2 * gazetteer.stat().st_size + _ROOM * sum(file.size_bytes for file in files)
    free = shutil.disk_usage(gazetteer.parent).free
    if free < needed:
        raise UsageError(
            f"adding needs about {needed / 1e9:.1f} GB free beside {gazetteer}, there are {free / 1e9:.1f}; free some, "
            "or add fewer files"
        )


def _name_of(path: Path) -> str:
    """What an addition is called: its file's name without the ending."""
    name = path.name
    for ending in (".zip", ".txt"):
        if name.casefold().endswith(ending):
            name = name[: -len(ending)]
    if not name or not all(c.isalnum() or c in "-_." for c in name) or len(name) > 80:
        raise UsageError(f"{shown(path.name)}: the file's name must be of letters, digits, '-', '_' and '.'")
    return name
