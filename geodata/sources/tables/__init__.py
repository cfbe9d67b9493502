"""Tables whose columns are anybody's: CSV, TSV, workbooks (Excel, ODS) and JSON of flat objects, streamed.

What their columns mean is guessed, shown and changed, and asked where a guess could be wrong unseen.

`records` are a file's cells with their lines (`workbook` makes them of sheets, by `unpack` in a process of its own,
`objects` of JSON);
`guessing` says what columns mean, by name and content; `survey` goes over the whole file once for what must not be
guessed, and `asking` puts that into questions; `making` makes events of cells, with `placing` for positions; `source`
is the RowSource of it all. `presets` keeps mappings under names, `receipt` says what became of each row.
"""

from geodata.sources.tables import objects
from geodata.sources.tables.source import delimited_rows, object_rows, workbook_rows
from geodata.sources.tables.workbook import is_workbook

__all__ = ["delimited_rows", "is_objects", "is_workbook", "object_rows", "workbook_rows"]

is_objects = objects.looks_like
