"""Features (GeoJSON's own, or what another format says as one) as the rows of a source, numbered from 1."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from geodata.contracts.tables import NeedsAnswer, Question, Row
from geodata.errors import UsageError
from geodata.sources.formats.delimited import Meter
from geodata.sources.formats.eventmaker import COLUMNS, EventMaker, Item, Plan
from geodata.sources.formats.positions import swap_question, swapped
from geodata.sources.formats.whens import order_of

SAMPLED = 1_000  # features looked at for what must be asked


class FeatureRows:
    """The rows of one file. `items` reads it from its start on each call, and tells the meter how far it is."""

    def __init__(self, name: str, items: Callable[[Meter], Iterator[Item]], plan: Plan, total_bytes: int) -> None:
        self._name, self._items, self._plan, self._meter = name, items, plan, Meter(total_bytes)
        self.columns: Sequence[str] = COLUMNS
        self._judge([item.feature for item in islice(items(Meter()), SAMPLED) if isinstance(item.feature, dict)])
        self._maker = EventMaker(plan)
        self.mapping, self.credit = plan.mapping, plan.credit
        self.questions: Sequence[Question] = tuple(plan.questions)

    def _judge(self, features: Sequence[dict[str, object]]) -> None:
        """Adds to the plan what must be asked of the first features, and what they settle."""
        plan = self._plan
        if not plan.mapping.date_order:
            order, question = order_of(_starts(features, EventMaker(plan)))
            plan.questions += [question] if question else []
            plan.mapping = replace(plan.mapping, date_order=order)
        if plan.mapping.swap_lon_lat:
            plan.reproject = swapped(plan.reproject)
        elif plan.mapping.swap_lon_lat is None and plan.reproject is None and not plan.questions:
            question = swap_question([feature.get("geometry") for feature in features])
            plan.questions += [question] if question else []

    @property
    def notes(self) -> Sequence[str]:
        return tuple(self._plan.notes)

    @property
    def total_bytes(self) -> int:
        return self._meter.total

    @property
    def done_bytes(self) -> int:
        return self._meter.done

    def sample(self, n: int) -> Sequence[Row]:
        return tuple(map(self._maker.row, islice(self._items(Meter()), n)))

    def rows(self) -> Iterator[Row]:
        if self.questions:
            raise NeedsAnswer(self._name, self.questions)
        return self._rows()

    def _rows(self) -> Iterator[Row]:
        found = False
        for item in self._items(self._meter):
            found = True
            yield self._maker.row(item, whole=False)
        if not found:
            raise UsageError(f"{self._name} holds no feature that could be an event")
        self._meter.done = self._meter.total


def _starts(features: Sequence[dict[str, object]], maker: EventMaker) -> Iterator[str]:
    for feature in features:
        properties = feature.get("properties")
        if isinstance(properties, dict):
            names = maker.renames(tuple(properties))
            yield from (str(v) for k, v in properties.items() if names.get(k) in ("start", "end") and v)
