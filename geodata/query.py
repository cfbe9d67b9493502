"""`EventQuery`: a question to the store, parsed once from parameters; it can say itself in an English sentence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self, TypeVar

from geodata.errors import UsageError, shown
from geodata.geometry import BBox
from geodata.model import Event, Precision, Status
from geodata.timespan import Interval

PARAMETERS = ("bbox", "datetime", "type", "sub_type", "q", "precision", "status", "undated", "unplaced")
_SHARE = ("include", "exclude", "only")
MAX_TEXT_CHARS = 200
T = TypeVar("T", Precision, Status)


@dataclass(frozen=True, slots=True)
class EventQuery:
    """Which events: every field narrows; an empty field does not.

    `types` and `sub_types` are names of the taxonomy. `statuses` empty means all but rejected. `precision` is the least
    exact precision still wanted. `undated` and `unplaced` say what becomes of events without date or place: `include`
    (as OGC API - Features has it: datetime and bbox do not drop them), `exclude`, or `only`.
    """

    bbox: BBox | None = None
    datetime: Interval = Interval()
    types: tuple[str, ...] = ()
    sub_types: tuple[str, ...] = ()
    text: str = ""
    precision: Precision | None = None
    statuses: tuple[Status, ...] = ()
    undated: str = "include"
    unplaced: str = "include"

    @classmethod
    def from_params(cls, params: Mapping[str, Sequence[str]], known_types: Sequence[str] = ()) -> Self:
        """From URL parameters (each a list of values; a value may hold several, comma-separated, but for bbox and q).

        Parameters that are not a query's are passed over. UsageError names the value and what is accepted.
        """

        def last(name: str) -> str:
            values = params.get(name) or ("",)
            return values[-1].strip()

        types = _listed(params.get("type", ()))
        for name in types:
            if known_types and name not in known_types:
                raise UsageError(f"type {shown(name)} is unknown; accepted: {', '.join(known_types)}")
        text = last("q")
        if len(text) > MAX_TEXT_CHARS:
            raise UsageError(f"q has {len(text)} characters; accepted: at most {MAX_TEXT_CHARS}")
        return cls(
            bbox=BBox.from_param(last("bbox")) if last("bbox") else None,
            datetime=Interval.from_param(last("datetime")) if last("datetime") else Interval(),
            types=types,
            sub_types=_listed(params.get("sub_type", ())),
            text=text,
            precision=_one_of(Precision, "precision", last("precision")) if last("precision") else None,
            statuses=tuple(_one_of(Status, "status", value) for value in _listed(params.get("status", ()))),
            undated=_share("undated", last("undated")),
            unplaced=_share("unplaced", last("unplaced")),
        )

    def to_params(self) -> dict[str, list[str]]:
        """The URL parameters that `from_params` reads this very query from."""
        found: dict[str, list[str]] = {}
        if self.bbox:
            found["bbox"] = [str(self.bbox)]
        if self.datetime != Interval():
            found["datetime"] = [str(self.datetime)]
        for name, values in (("type", self.types), ("sub_type", self.sub_types), ("status", self.statuses)):
            if values:
                found[name] = [str(value) for value in values]
        if self.text:
            found["q"] = [self.text]
        if self.precision:
            found["precision"] = [self.precision.value]
        for name, value in (("undated", self.undated), ("unplaced", self.unplaced)):
            if value != "include":
                found[name] = [value]
        return found

    def without(self, *names: str) -> Self:
        """The same query with these fields as if never given."""
        fresh = EventQuery()
        return replace(self, **{name: getattr(fresh, name) for name in names})

    def matches(self, event: Event) -> bool:
        """Whether an event answers this query, by brute force; text by plain words (the store's is FTS5)."""
        if event.status not in self.wanted_statuses():
            return False
        if (self.types and event.event_type not in self.types) or (
            self.sub_types and event.sub_event_type not in self.sub_types
        ):
            return False
        if event.when is None:
            if self.undated == "exclude":
                return False
        elif self.undated == "only" or not self.datetime.overlaps(event.when):
            return False
        if event.place is None:
            if self.unplaced == "exclude":
                return False
        elif (
            self.unplaced == "only"
            or (self.bbox and not self.bbox.contains(event.place.lon, event.place.lat))
            or event.place.precision not in self.wanted_precisions()
        ):
            return False
        words = " ".join((event.title, event.quote, event.place.name if event.place else "")).casefold()
        return all(word in words for word in self.text.casefold().split())

    def wanted_statuses(self) -> tuple[Status, ...]:
        return self.statuses or (Status.DRAFT, Status.REVIEWED)

    def wanted_precisions(self) -> tuple[Precision, ...]:
        """The precisions at least as exact as asked; all where none was asked."""
        every = tuple(Precision)
        return every if self.precision is None else every[: every.index(self.precision) + 1]

    def __str__(self) -> str:
        """The query as an English sentence."""
        parts = [" or ".join(self.sub_types or self.types) or "All event types"]
        first, last = self.datetime.start, self.datetime.end
        if first and last:
            parts.append(f"on {first}" if first == last else f"from {first} to {last}")
        elif first or last:
            parts.append(f"from {first} on" if first else f"up to {last}")
        if self.bbox:
            parts.append(f"within {self.bbox.west:g}, {self.bbox.south:g} to {self.bbox.east:g}, {self.bbox.north:g}")
        if self.text:
            parts.append(f"with the words {shown(self.text)}")
        if self.precision:
            parts.append(f"placed at least as exactly as {self.precision.value}")
        if self.statuses:
            parts.append(" or ".join(self.statuses) + " only")
        for name, value in (("a date", self.undated), ("a place", self.unplaced)):
            if value != "include":
                parts.append(f"{'leaving out' if value == 'exclude' else 'only'} those without {name}")
        return ", ".join(parts) + "."


def _listed(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for value in values for part in value.split(",") if part.strip()))


def _one_of(kind: type[T], name: str, value: str) -> T:
    try:
        return kind(value)
    except ValueError as error:
        raise UsageError(f"{name} {shown(value)} is unknown; accepted: {', '.join(kind)}") from error


def _share(name: str, value: str) -> str:
    if value and value not in _SHARE:
        raise UsageError(f"{name} {shown(value)} is unknown; accepted: {', '.join(_SHARE)}")
    return value or "include"
