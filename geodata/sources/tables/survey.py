"""One pass over a whole table for what must not be guessed: the order of dates, decimal marks, swapped columns, CRS."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from operator import itemgetter

from geodata.contracts.tables import ColumnMapping
from geodata.errors import UsageError
from geodata.geometry import check_lon_lat
from geodata.sources.coordinates import is_missing
from geodata.sources.dates import Orders
from geodata.sources.formats.countries import iso2
from geodata.sources.tables.placing import Pair, Positions, in_country

REMEMBERED = 100_000
"""Different dates that are kept in mind; of a table with more, some are looked at twice."""
MOST_LOOKED_AT = 10_000
"""Different positions that are all judged; of those after them, that of one row in SELDOM."""
SELDOM = 32


@dataclass(slots=True)
class Seen:
    """How many different positions there were, by what is odd of them; `first` are (line, cells) of the first of each.

    `outside`: no degrees, nor if swapped. `swapped`: degrees only if swapped, or in their country only if swapped.
    `fits`: in their country as they stand, or degrees only as they stand.
    """

    positions: int = 0
    outside: int = 0
    swapped: int = 0
    fits: int = 0
    grouped: int = 0
    first: dict[str, tuple[int, str]] = field(default_factory=dict)

    def note(self, kind: str, line: int, cells: str) -> None:
        setattr(self, kind, getattr(self, kind) + 1)
        self.first.setdefault(kind, (line, cells))


@dataclass(slots=True)
class Survey:
    """What a whole table holds."""

    rows: int = 0
    orders: Orders = field(default_factory=Orders)
    seen: Seen = field(default_factory=Seen)


def survey(records: Iterable[tuple[int, Sequence[str]]], columns: Sequence[str], mapping: ColumnMapping) -> Survey:
    """Goes over the rows; a row with too few cells is passed over, as what is wrong in it is told when it is taken."""
    found = Survey()
    dates = _cells_of(columns, mapping, ("start", "end"))
    where = _cells_of(columns, mapping, ("lon", "lat", "position", "country"))
    positions = Positions(mapping)
    known_dates: set[object] = set()
    known_places: set[object] = set()
    for line, cells in records:
        found.rows += 1
        row = [*cells, ""] if len(cells) >= len(columns) else [*cells, *[""] * (len(columns) - len(cells) + 1)]
        if dates and (key := dates(row)) not in known_dates:
            if len(known_dates) < REMEMBERED:
                known_dates.add(key)
            for cell in key:
                found.orders.add(cell.strip(), line)
        if where is None or (len(known_places) >= MOST_LOOKED_AT and found.rows % SELDOM):
            continue
        if (place := where(row)) not in known_places:
            if len(known_places) < MOST_LOOKED_AT:
                known_places.add(place)
            _look(found.seen, positions, mapping, line, place)
    return found


def _cells_of(
    columns: Sequence[str], mapping: ColumnMapping, fields: Sequence[str]
) -> Callable[[Sequence[str]], tuple[str, ...]] | None:
    """Takes the cells of these fields, the one behind all for what is lacking; None where there is none of them."""
    at = {name: index for index, name in enumerate(columns)}
    found = [next((at[name] for name in mapping.columns.get(each, ()) if name in at), len(columns)) for each in fields]
    if all(index == len(columns) for index in found[:3]):
        return None
    return itemgetter(*found)


def _look(seen: Seen, positions: Positions, mapping: ColumnMapping, line: int, key: Sequence[str]) -> None:
    lon, lat, position, country = (cell.strip() for cell in key)
    try:
        pair = positions.pair(lon, lat, position)
    except UsageError:
        return
    if pair is None:
        return
    text = position if is_missing(lon) else f"{lon}, {lat}"
    seen.positions += 1
    if not mapping.decimal and any(_is_grouped(cell) for cell in (lon, lat)):
        seen.note("grouped", line, text)
    swap = bool(mapping.swap_lon_lat)
    here, there = _where(positions, pair, swap), _where(positions, pair, not swap)
    if here is None and there is None:
        seen.note("outside", line, text)
    elif here is None:
        seen.note("swapped", line, text)
    elif there is None:
        seen.fits += 1
    elif country and (code := iso2(country)):
        if in_country(code, *here):
            seen.fits += 1
        elif in_country(code, *there):
            seen.note("swapped", line, text)


def _is_grouped(cell: str) -> bool:
    """Whether a comma may stand between thousands or before decimals: "500,000"."""
    head, comma, tail = cell.partition(",")
    return bool(comma) and len(tail) == 3 and tail.isdigit() and head.lstrip("-").isdigit()


def _where(positions: Positions, pair: Pair, swap: bool) -> tuple[float, float] | None:
    try:
        return check_lon_lat(*positions.turned(pair, swap))
    except UsageError:
        return None
