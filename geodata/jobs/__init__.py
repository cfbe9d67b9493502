"""Imports that may be long: several processes, progress, a stop, and going on where it was stopped.

`importing` is one import from pieces (`items`) to receipt, `crew` its processes, `worker` what runs in them; `cluster`
and `lent` are the same by Dask; `tables` streams a
table into the store, `preparing` its rows on the way; `desk` keeps the imports that the page starts, and
`record` writes them down.
"""

from geodata.jobs.importing import Import
from geodata.jobs.items import FileTally, Item, Progress, count_of, pieces_of

__all__ = ["FileTally", "Import", "Item", "Progress", "count_of", "pieces_of"]
