"""Whether the index that is kept in the data folder says what the store says."""

from geodata.index.agreement import differing_rows
from geodata.index.columns import ColumnIndex
from geodata.index.snapshot import Snapshot
from geodata.store.checking import Finding
from geodata.workspace import DatelineWorkspace

PART = "index of the map"
MEND = "remove {path}: the next start makes it anew from the store"


def check_index(workspace: DatelineWorkspace, mend: bool = False) -> Finding:
    """The file as a server that starts now would use it: extended by what the store has changed since.

    A file that is not there, or that no server would use, is no fault.
    """
    path, store = workspace.settings.index_path, workspace.store
    kept = Snapshot.read(path) if not workspace.settings.database_url else None
    if kept is None or kept.mark != store.mark_of(kept.version):
        return Finding(PART)
    index: ColumnIndex | None = ColumnIndex(kept.layout, kept.version)
    if index is not None and index.version != store.version():
        changes = store.changes_since(index.version)
        index = index.extended(changes) if changes else None
    if index is None:
        return Finding(PART)
    columns = store.columns()
    if columns.version != index.version:  # another process has written in between
        return Finding(PART)
    wrong = differing_rows(index.layout, columns)
    if not len(wrong):
        return Finding(PART)
    if mend:
        path.unlink(missing_ok=True)
    said = f"{len(wrong):,} events are not as the store has them (the first is row {wrong[0]}): counts are wrong"
    return Finding(PART, said, MEND.format(path=path), True)
