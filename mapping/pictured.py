"""Exporters of the view as a picture (PNG) and as a page to print (PDF): one drawing of Pillow's, without a browser.

Events are held as columns while they pass by, so that a million of them are drawn as well; an index of their own makes
circles of them, as the index of the store does for the map.
"""

from array import array
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from hashlib import sha256
from threading import Lock
from typing import IO, TYPE_CHECKING

from geodata.answers import E7, UNKNOWN, EventColumns, MapView, Named
from geodata.contracts import AS_USUAL, Exported, ExportOptions, Workspace
from geodata.credits import CreditBook
from geodata.model import Event, Place, Precision, Status
from geodata.query import EventQuery

if TYPE_CHECKING:
    from mapping.preview import Frame
    from mapping.preview.sheet import Sheet

PRECISIONS, STATUSES = tuple(Precision), tuple(Status)
_EPOCH = date(1970, 1, 1).toordinal()
A4_WIDE_PT = 297 / 25.4 * 72
NAMED_SOURCES = 12
NEAREST_ZOOM = 16.0
"""Where an area was asked for, the picture shows it, however small."""


_DRAWING = Lock()
"""One at a time: a sheet is 100 MB while it is drawn, and a second of a core."""


class PictureExporter:
    """`form` is Pillow's name of the format."""

    lossless = False
    traits: frozenset[str] = frozenset({"only placed"})
    form = "PNG"
    media_type = "image/png"
    suffix = ".png"
    title = "Picture"
    good_for = "articles, slides, posts: the map with title, legend, scale and credits, 2,400 pixels wide"

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def write(
        self, events: Iterable[Event], out: IO[bytes], query: EventQuery, options: ExportOptions = AS_USUAL
    ) -> Exported:
        from mapping.preview.outlines import OutlineFile
        from mapping.preview.page import write_page
        from mapping.preview.sheet import draw_sheet, map_size

        held = Held.of(events)
        frame = _frame(query, held, *map_size())
        outlines = OutlineFile(self._workspace.settings.data / "outlines.npz").get()
        sheet = self._sheet(held, held.view(frame), query, options)
        with _DRAWING:
            drawn = draw_sheet(sheet, frame, outlines)
            if self.form == "PDF":
                title, subject = f"{sheet.title}: {sheet.sentence}", f"{sheet.facts}. {sheet.credits}"
                write_page(drawn.image, drawn.lines, A4_WIDE_PT, title, subject, out)
            else:
                drawn.image.save(out, "PNG", compress_level=7)
        return Exported(len(held), held.left_out())

    def _version(self) -> str:
        """As a citation of the page names it."""
        return sha256(self._workspace.store.version().encode()).hexdigest()[:12]

    def _sheet(self, held: "Held", found: MapView, query: EventQuery, options: ExportOptions) -> "Sheet":
        from mapping.basemaps import OFFLINE
        from mapping.describing import counted, filters_in_words
        from mapping.preview.looks import looks_of
        from mapping.preview.sheet import Sheet

        settings = self._workspace.settings
        words = filters_in_words(query)
        sources = [f"{it.source} ({it.licence})" if it.licence else it.source for it in held.book.credits()]
        more = len(sources) - NAMED_SOURCES
        named = [*sources[:NAMED_SOURCES], *([f"{more:,} more"] if more > 0 else [])]
        return Sheet(
            title=settings.title,
            sentence="All events" if words == filters_in_words(EventQuery()) else words.rstrip("."),
            facts=" · ".join(filter(None, (counted(found.matched), held.days()))),
            credits=f"Sources: {'; '.join(named)}." if named else "",
            ground=f"Map: {OFFLINE.attribution}. Borders as recognised internationally.",
            types=found.types,
            looks=looks_of(self._workspace.event_types),
            clusters=found.clusters,
            events=[held.event(row) for row in found.single_rows],
            radius_m={row: held.radius_m[row] for each in found.clusters if (row := each.row_id) is not None},
            made=f"Made {in_words(datetime.now(UTC).date())} from data version {self._version()}.",
            left_out=(*options.left_out, *held.left_out()),
        )


class PdfExporter(PictureExporter):
    form = "PDF"
    media_type = "application/pdf"
    suffix = ".pdf"
    title = "Page to print"
    good_for = (
        "printing and filing: one A4 page with the map, its legend with counts, and its sources, as text to search"
    )


class Held:
    """What a picture needs of events, in columns of a few bytes; a row is an event's place among them."""

    def __init__(self) -> None:
        self.book = CreditBook()
        self.radius_m = array("f")
        self._lon, self._lat = array("d"), array("d")
        self._start, self._end = array("i"), array("i")
        self._type, self._precision, self._status = array("i"), array("i"), array("i")
        self._types: dict[str, int] = {}
        self._unplaced = 0

    @classmethod
    def of(cls, events: Iterable[Event]) -> "Held":
        """Those with a place are held; the others are counted."""
        held = cls()
        for event in held.book.watch(events):
            if event.place is None:
                held._unplaced += 1
            else:
                held._add(event, event.place)
        return held

    def _add(self, event: Event, place: Place) -> None:
        self.radius_m.append(place.radius_m)
        self._lon.append(place.lon)
        self._lat.append(place.lat)
        self._start.append(event.when.start.toordinal() - _EPOCH if event.when else UNKNOWN)
        self._end.append(event.when.end.toordinal() - _EPOCH if event.when else UNKNOWN)
        self._type.append(self._types.setdefault(event.event_type, len(self._types)))
        self._precision.append(PRECISIONS.index(place.precision))
        self._status.append(STATUSES.index(event.status))

    def __len__(self) -> int:
        return len(self._lon)

    def left_out(self) -> tuple[str, ...]:
        number = self._unplaced
        return (f"{number:,} event{'' if number == 1 else 's'} without a place",) if number else ()

    def positions(self) -> Iterator[tuple[float, float]]:
        return zip(self._lon, self._lat, strict=True)

    def days(self) -> str:
        """The first and the last day that any can have started on."""
        starts = [day for day in self._start if day != UNKNOWN]
        if not starts:
            return ""
        begin, end = (in_words(date.fromordinal(_EPOCH + day)) for day in (min(starts), max(starts)))
        return begin if begin == end else f"{begin} to {end}"

    def event(self, row: int) -> Event:
        """As much of an event as is drawn."""
        names = tuple(self._types)
        place = Place("", self._lon[row], self._lat[row], PRECISIONS[self._precision[row]], radius_m=self.radius_m[row])
        return Event("", names[self._type[row]], place=place, status=STATUSES[self._status[row]])

    def view(self, frame: "Frame") -> MapView:
        """What the frame shows, put together as the map's own index does."""
        from geodata.index import ColumnIndex

        query = EventQuery(bbox=frame.bbox, unplaced="exclude", statuses=STATUSES)
        return ColumnIndex.build(self._columns()).view(query, frame.zoom)

    def _columns(self) -> EventColumns:
        import numpy as np

        lon, lat = (np.rint(np.array(axis) * E7).astype(np.int32) for axis in (self._lon, self._lat))
        nothing = Named(("",), np.zeros(len(self), np.int32))

        def ints(column: "array[int]") -> "np.ndarray":
            return np.array(column, dtype=np.int32)

        return EventColumns(
            row_id=np.arange(len(self)),
            lon_e7=lon,
            lat_e7=lat,
            start_day=ints(self._start),
            end_day=ints(self._end),
            event_type=Named(tuple(self._types) or ("",), ints(self._type)),
            sub_event_type=nothing,
            precision=Named(tuple(each.value for each in PRECISIONS), ints(self._precision)),
            status=Named(tuple(each.value for each in STATUSES), ints(self._status)),
            source=nothing,
            fatalities=np.full(len(self), -1, np.int32),
        )


def _frame(query: EventQuery, held: Held, width: int, height: int) -> "Frame":
    """The box that was asked for, else the one around all events."""
    from mapping.preview import Frame
    from mapping.preview.frame import box_around

    if query.bbox:
        return Frame.around(query.bbox, width, height, margin=0.0, most_zoom=NEAREST_ZOOM)
    return Frame.around(box_around(list(held.positions())), width, height)


def in_words(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
