"""What the stages hand each other beside the values of `model`: readings, rows, receipts, types of the taxonomy."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from geodata.model import Document, Event


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A line or row that was not taken as it stood: `line` counts from 1 (0: the whole file)."""

    where: str
    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What an importer made of a file: stories, or rows that are events already, and what it could not take.

    `notes` says what reading the file as a whole had to decide (the encoding used).
    """

    documents: tuple[Document, ...] = ()
    events: tuple[Event, ...] = ()
    problems: tuple[RowProblem, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of every item of an import; counts of events unless said otherwise."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    stories: int = 0
    undated: int = 0
    unplaced: int = 0
    problems: tuple[RowProblem, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One row of a table of places to geocode; empty where the table says nothing."""

    row_id: str
    place: str
    admin1: str = ""
    admin2: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class EventType:
    """A type of the taxonomy, from one TOML file in geodata/event_types.

    `symbol` is one of mapping/style.py's shapes; `colour` and `colour_dark` are #rrggbb for light and dark maps.
    """

    name: str
    definition: str
    symbol: str
    colour: str
    colour_dark: str
    sub_types: Mapping[str, "SubType"] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SubType:
    """A sub-type: its definition in our words and the lexicon that extraction starts from (language -> lemmas)."""

    name: str
    definition: str
    keywords: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """How a file is to be made. `circles`: places as areas as wide as their doubt, where the format draws areas.

    `left_out` is what was kept back before (`allowed.Release.left_out`), for formats that say so inside.
    """

    circles: bool = False
    left_out: tuple[str, ...] = ()


AS_USUAL = ExportOptions()


@dataclass(frozen=True, slots=True)
class Exported:
    """How many events a file holds, and in words what of them it could not hold."""

    count: int
    left_out: tuple[str, ...] = ()
