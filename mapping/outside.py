"""What a frame in somebody else's page and the picture of a link show: positions and words as they may leave.

The map page itself is an editor's tool and asks `Now`; where the settings round positions, others ask `Outside`.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import orjson

from geodata.allowed import Release
from geodata.answers import Cluster
from geodata.errors import UsageError
from geodata.model import Event
from geodata.query import EventQuery
from mapping import plain
from mapping.asking import NO_WORDS, Asking, Now, told_words

if TYPE_CHECKING:
    from geodata.answers import Ints


def outside(asking: Asking, version: str = "") -> Now:
    """The store as others may see it: by rounded positions, where the settings say so, else as it stands."""
    release = Release.of(asking.workspace.settings)
    if not release.hidden_km:
        return asking.now(version)
    return Outside(asking, version or asking.workspace.store.version(), release)


class Outside(Now):
    """`Now` by rounded positions. Restricted events are shown, as on the page: a picture of them passes no data on."""

    def __init__(self, asking: Asking, version: str, release: Release) -> None:
        super().__init__(asking, version)
        self._release = release
        self._index = asking.rounded(self._index, release.hidden_km)

    def events(self, rows: Sequence[int]) -> Mapping[int, Event]:
        return {row: self._release.less_exact(event) for row, event in super().events(rows).items()}

    def briefs(self, rows: Sequence[int]) -> list[orjson.Fragment]:
        return [orjson.Fragment(orjson.dumps(plain.brief(event))) for event in self.events(rows).values()]

    def areas(self, clusters: Sequence[Cluster]) -> Mapping[int, plain.Plain]:
        found = self.events([row for item in clusters if (row := item.row_id) is not None])
        return {row: plain.area(event) for row, event in found.items() if event.place is not None}

    def allowed(self, query: EventQuery) -> "Ints | None":
        if query.text.strip():
            raise UsageError(NO_WORDS)
        rows = super().allowed(told_words(query))
        inside = self.inside(EventQuery(filter=query.filter), self._release.hidden_km)
        return rows if inside is None else inside if rows is None else np.intersect1d(rows, inside)
