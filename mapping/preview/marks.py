"""Clusters and single events in a picture, as the page's layer draws them: rings that show the mix of types, shapes.

Circles that would cover each other become one, as in static/js/layers: every event stays counted.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from PIL.ImageDraw import ImageDraw

from geodata.answers import Cluster
from geodata.model import Event, Precision, Status
from mapping.preview.frame import Frame
from mapping.preview.symbols import POLYGONS
from mapping.preview.words import Colour, Words

BASE_PX, GROWTH_PX = 13.0, 22.0
OVERLAP = 0.85
"""Circles whose middles are nearer than this share of their radii together are merged."""
SYMBOL_PX = 7.0
LARGE_PX = 150.0
"""Larger circles have no tint: over half the map it says nothing."""
FEW_AREAS = 12
"""With more in view, those with most events have a fainter outline, and counts stand only where they find room."""
HALO: Colour = (255, 255, 255)
DISC = (255, 255, 255, 190)
PLATE: Colour = (43, 49, 56)
OTHER: Colour = (86, 94, 103)
AREAS = frozenset({Precision.ADMIN2, Precision.ADMIN1, Precision.REGION, Precision.COUNTRY})
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Look:
    """How a type is drawn on a light map."""

    shape: str
    colour: Colour


@dataclass(slots=True)
class Blob:
    """A cluster on its way onto the picture: middle and radius in pixels."""

    x: float
    y: float
    count: int
    types: dict[str, int] = field(default_factory=dict)
    radius: float = BASE_PX

    def join(self, other: "Blob") -> None:
        whole = self.count + other.count
        self.x = (self.x * self.count + other.x * other.count) / whole
        self.y = (self.y * self.count + other.y * other.count) / whole
        self.count = whole
        for name, count in other.types.items():
            self.types[name] = self.types.get(name, 0) + count


@dataclass(frozen=True, slots=True)
class Area:
    """What is known no closer than a circle: its middle and radius in pixels, how many events, their colour."""

    x: float
    y: float
    radius: float
    count: int
    colour: Colour

    @property
    def badge(self) -> tuple[float, float]:
        """Where its count stands: on top of the outline, or in the middle where that is out of sight."""
        return (self.x, self.y - self.radius) if self.y - self.radius > 14 else (self.x, max(self.y, 14))


def apart(blobs: Sequence[Blob], events: Sequence[tuple[float, float, Event]]) -> tuple[
    list[Blob], list[tuple[float, float, Event]]
]:  # fmt: skip
    """Blobs and events (x, y in pixels) with what overlaps merged, until nothing does."""
    kept, alone = list(blobs), list(events)
    while True:
        before = len(kept) + len(alone)
        _sized(kept)
        kept = _merged(kept)
        _sized(kept)
        still = []
        for x, y, event in alone:
            over = next((blob for blob in kept if math.hypot(blob.x - x, blob.y - y) < blob.radius + SYMBOL_PX), None)
            if over:
                over.join(Blob(x, y, 1, {event.event_type: 1}))
            else:
                still.append((x, y, event))
        alone = still
        if len(kept) + len(alone) == before:
            return kept, alone


def _sized(blobs: Sequence[Blob]) -> None:
    """Areas grow with the counts, up to the largest of the picture."""
    most = max(30, *(blob.count for blob in blobs)) if blobs else 30
    for blob in blobs:
        blob.radius = BASE_PX + GROWTH_PX * math.sqrt(blob.count / most)


def _merged(blobs: Sequence[Blob]) -> list[Blob]:
    kept: list[Blob] = []
    for blob in sorted(blobs, key=lambda one: -one.count):
        over = next(
            (
                other
                for other in kept
                if math.hypot(other.x - blob.x, other.y - blob.y) < OVERLAP * (other.radius + blob.radius)
            ),
            None,
        )
        if over:
            over.join(blob)
        else:
            kept.append(blob)
    return kept


class Marks:
    """Draws what a view holds; `scale` is how many pixels of the drawing one of the picture has."""

    def __init__(self, draw: ImageDraw, frame: Frame, looks: Mapping[str, Look], words: Words, scale: int) -> None:
        self._draw, self._frame, self._looks, self._words, self._scale = draw, frame, looks, words, scale

    def paint(self, clusters: Sequence[Cluster], events: Sequence[Event], radius_m: Mapping[int, float]) -> list[Box]:
        """Everything of a view, in each copy of the world that shows; the boxes (pixels) that it covers."""
        taken: list[Box] = []
        for turn in self._frame.turns():
            areas = [found for found in self._areas_of(clusters, events, radius_m, turn) if self._shows(*found.badge)]
            blobs = [Blob(*self._at(c.lon + turn, c.lat), c.count, dict(c.types)) for c in clusters if not c.precision]
            points = [(*self._at(e.place.lon + turn, e.place.lat), e) for e in events if e.place and not _is_area(e)]
            kept, alone = apart(
                [blob for blob in blobs if self._shows(blob.x, blob.y)],
                [point for point in points if self._shows(point[0], point[1])],
            )
            areas.sort(key=lambda one: -one.count)
            for area in areas[:FEW_AREAS]:
                self._extent(area, faint=len(areas) > FEW_AREAS)
            self._doubts(alone)
            for x, y, event in alone:
                look = self._looks.get(event.event_type, Look("circle", OTHER))
                self.symbol(x, y, SYMBOL_PX, look, hollow=event.status == Status.DRAFT)
            for blob in kept:
                self._ring(blob)
            for blob in kept:
                self._count(blob)
            taken += [_around(blob.x, blob.y, blob.radius + 4) for blob in kept]
            taken += [_around(x, y, SYMBOL_PX + 2) for x, y, _ in alone]
            for area in areas:
                box = _around(*area.badge, 12)
                if len(areas) <= FEW_AREAS or not any(overlap(box, other) for other in taken):
                    self._badge(area)
                    taken.append(box)
        return taken

    def _at(self, lon: float, lat: float) -> tuple[float, float]:
        x, y = self._frame.flat(lon, lat)
        return float(x), float(y)

    def _shows(self, x: float, y: float) -> bool:
        return -40 < x < self._frame.width + 40 and -40 < y < self._frame.height + 40

    def _areas_of(
        self, clusters: Sequence[Cluster], events: Sequence[Event], radius_m: Mapping[int, float], turn: int
    ) -> Iterator[Area]:
        """What is known no closer than an area: clusters of one, and single events."""
        for item in clusters:
            if item.precision and item.row_id is not None:
                yield self._area(item.lon + turn, item.lat, radius_m.get(item.row_id, 0.0), item.count, item.types)
        for event in events:
            if event.place and _is_area(event):
                place = event.place
                yield self._area(place.lon + turn, place.lat, place.radius_m, 1, {event.event_type: 1})

    def _area(self, lon: float, lat: float, radius_m: float, count: int, types: Mapping[str, int]) -> Area:
        x, y = self._at(lon, lat)
        name = next((name for name, number in types.items() if number > count / 2), "")
        return Area(x, y, radius_m / self._frame.metres_per_pixel(lat), count, self._colour(name))

    def _extent(self, area: Area, faint: bool) -> None:
        tint = None if faint or area.radius > LARGE_PX else (*area.colour, 16)
        line = (*area.colour, 44 if faint else 120)
        self._draw.circle(self._px(area.x, area.y), area.radius * self._scale, tint, line, self._scale)

    def _badge(self, area: Area) -> None:
        """How much happened in an area, on top of its outline: in its middle it would look like a place."""
        x, y = area.badge
        text = short_number(area.count)
        half = max(10.0, self._words.width(text, 12, 600) / 2 + 6)
        box = [round(edge) for edge in (*self._px(x - half, y - 9), *self._px(x + half, y + 9))]
        self._draw.rounded_rectangle(box, 8 * self._scale, HALO, area.colour, self._scale)
        self._words.write(x, y, text, 12, PLATE, 600, "mm")

    def _colour(self, name: str) -> Colour:
        return self._looks.get(name, Look("", OTHER)).colour

    def _doubts(self, alone: Sequence[tuple[float, float, Event]]) -> None:
        """The circle that an inexact place can lie in, once for each place and type."""
        seen = set()
        for x, y, event in alone:
            radius = event.place.radius_m / self._frame.metres_per_pixel(event.place.lat) if event.place else 0.0
            key = (round(x), round(y), event.event_type)
            if radius < SYMBOL_PX + 3 or key in seen:
                continue
            seen.add(key)
            colour = self._colour(event.event_type)
            fill = (*colour, 20) if radius < LARGE_PX else None
            self._draw.circle(self._px(x, y), radius * self._scale, fill, (*colour, 110), self._scale)

    def symbol(self, x: float, y: float, radius: float, look: Look, hollow: bool = False) -> None:
        """One type's shape: filled inside a thin halo; hollow (a draft), the halo inside a line of the colour."""
        shape = POLYGONS.get(look.shape, POLYGONS["circle"])
        layers = [(HALO, radius + (3.2 if hollow else 2.0)), (look.colour, radius + (1.1 if hollow else 0.0))]
        for colour, size in [*layers, *([(HALO, radius - 1.6)] if hollow else [])]:
            points = [self._px(x + px * size, y + py * size) for px, py in shape]
            self._draw.polygon(points, colour)

    def _ring(self, blob: Blob) -> None:
        width = max(4.0, blob.radius * 0.2)
        self._draw.ellipse(self._box(blob, blob.radius + 2), DISC, HALO, 2 * self._scale)
        line = round(width * self._scale)
        angle = -90.0
        ordered = [name for name in self._looks if name in blob.types]
        ordered += [name for name in blob.types if name not in self._looks]
        for name in ordered:
            turn = 360 * blob.types[name] / blob.count
            colour = self._colour(name)
            self._draw.arc(self._box(blob, blob.radius), angle, angle + turn, colour, line)
            angle += turn

    def _count(self, blob: Blob) -> None:
        """The count inside the ring where it finds room, else on a plate on top of it."""
        text = short_number(blob.count)
        size = 15 if blob.radius > 24 else 13
        if self._words.width(text, size, 650) < 2 * (blob.radius - max(4.0, blob.radius * 0.2)) - 5:
            self._words.write(blob.x, blob.y, text, size, PLATE, 650, "mm")
            return
        half = self._words.width(text, size, 650) / 2 + 6
        top = blob.y - blob.radius
        box = [round(edge) for edge in (*self._px(blob.x - half, top - 10), *self._px(blob.x + half, top + 10))]
        self._draw.rounded_rectangle(box, 9 * self._scale, PLATE, HALO, int(1.5 * self._scale))
        self._words.write(blob.x, top, text, size, HALO, 650, "mm")

    def _px(self, x: float, y: float) -> tuple[float, float]:
        return x * self._scale, y * self._scale

    def _box(self, blob: Blob, radius: float) -> list[float]:
        return [*self._px(blob.x - radius, blob.y - radius), *self._px(blob.x + radius, blob.y + radius)]


def _is_area(event: Event) -> bool:
    return event.place is not None and event.place.precision in AREAS


def _around(x: float, y: float, half: float) -> Box:
    return x - half, y - half - 6, x + half, y + half


def overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and one[2] > other[0] and one[1] < other[3] and one[3] > other[1]


def short_number(count: int) -> str:
    """9,999 in full; 12K, 3.4M beyond."""
    if count < 10_000:
        return f"{count:,}"
    if count < 999_500:
        return f"{count / 1000:.0f}K"
    return f"{count / 1e6:.1f}M".replace(".0M", "M")
