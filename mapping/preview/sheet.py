"""A sheet of A4's shape: what is shown in words, the map, its legend with counts, and who is credited."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from PIL import Image
from PIL.ImageDraw import ImageDraw

from geodata.answers import Cluster
from geodata.model import Event
from mapping.preview.frame import Frame
from mapping.preview.ground import SEA, Ground, names
from mapping.preview.marks import SYMBOL_PX, Box, Look, Marks
from mapping.preview.outlines import Outlines
from mapping.preview.picture import ACCENT, INK, MUTED, PAPER
from mapping.preview.words import Line, Words

WIDTH, HEIGHT = 1200, 848
"""Units of the drawing: 1 to the square root of 2."""
SCALE, DRAWN = 2, 4
"""Pixels of a unit in the picture, and while it is drawn: Pillow draws without smoothing."""
LEFT, TOP = 36, 116
MAP_HEIGHT = 576
LEGEND_TOP = TOP + MAP_HEIGHT + 26
ROWS, COLUMNS = 3, 3
"""Of the legend: with more types than nine there are more columns."""
FOOT = 78
"""Height of the foot."""
READING = (
    "Rings count events by type; thin circles show where an event can lie; hollow shapes are drafts, not yet checked."
)
LINE = (220, 223, 227)
NICE = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the sheet says and shows. `types` are counts by type; `radius_m` of the areas of clusters, by row;
    `ground` credits the map itself."""

    title: str
    sentence: str
    facts: str
    credits: str
    ground: str
    made: str
    types: Mapping[str, int]
    looks: Mapping[str, Look]
    left_out: Sequence[str] = ()
    clusters: Sequence[Cluster] = ()
    events: Sequence[Event] = ()
    radius_m: Mapping[int, float] = field(default_factory=dict)


def map_size() -> tuple[int, int]:
    """Width and height of the map on the sheet."""
    return WIDTH - 2 * LEFT, MAP_HEIGHT


@dataclass(frozen=True, slots=True)
class Drawn:
    """A sheet's picture and the words in it, in pixels of the picture, those of the head first."""

    image: Image.Image
    lines: Sequence[Line]


def draw_sheet(sheet: Sheet, frame: Frame, outlines: Outlines | None) -> Drawn:
    """The sheet, 2,400 pixels wide; without outlines the marks lie on plain ground."""
    image = Image.new("RGB", (WIDTH * DRAWN, HEIGHT * DRAWN), PAPER)
    map_, map_words = _map(sheet, frame, outlines)
    image.paste(map_, (LEFT * DRAWN, TOP * DRAWN))
    draw = ImageDraw(image, "RGBA")
    words = Words(draw, DRAWN)
    wide, high = map_size()
    draw.rectangle([n * DRAWN for n in (LEFT, TOP, LEFT + wide, TOP + high)], None, LINE, DRAWN)
    _head(words, sheet)
    lines = [*words.lines(), *(replace(line, x=line.x + LEFT, y=line.y + TOP) for line in map_words)]
    words = Words(draw, DRAWN)
    _legend(words, Marks(draw, frame, sheet.looks, words, DRAWN), sheet)
    _foot(draw, words, sheet)
    drawn = [*lines, *words.lines()]
    return Drawn(image.reduce(DRAWN // SCALE), [_in_pixels(line) for line in drawn])


def _in_pixels(line: Line) -> Line:
    return Line(SCALE * line.x, SCALE * line.y, SCALE * line.size, SCALE * line.width, line.text)


def _map(sheet: Sheet, frame: Frame, outlines: Outlines | None) -> tuple[Image.Image, Sequence[Line]]:
    image = Image.new("RGB", (frame.width * DRAWN, frame.height * DRAWN), SEA)
    draw = ImageDraw(image, "RGBA")
    words = Words(draw, DRAWN)
    if outlines:
        Ground(draw, frame, outlines, DRAWN).paint()
    taken = Marks(draw, frame, sheet.looks, words, DRAWN).paint(sheet.clusters, sheet.events, sheet.radius_m)
    taken.append(_scale(draw, words, frame))
    if outlines:
        names(frame, outlines, words, taken)
    return image, list(words.lines())


def _scale(draw: ImageDraw, words: Words, frame: Frame) -> Box:
    """A bar of a round number of kilometres, at the latitude of the middle; what it covers, in pixels."""
    km_each = frame.metres_per_pixel(frame.lat) / 1000
    km = nice(110 * km_each)
    x, y, wide = 14.0, frame.height - 14.0, km / km_each
    text = f"{km:,} km" if km >= 1 else f"{km * 1000:,.0f} m"
    plate = (x - 6, y - 24, x + max(wide, words.width(text, 12, 500)) + 6, y + 6)
    draw.rounded_rectangle([n * DRAWN for n in plate], 4 * DRAWN, (*PAPER, 215))
    draw.line([n * DRAWN for n in (x, y - 5, x, y, x + wide, y, x + wide, y - 5)], INK, int(1.6 * DRAWN))
    words.write(x + 2, y - 9, text, 12, INK, 500)
    return plate


def nice(most: float) -> float:
    """The largest of 1, 2, 5, 10, 20 … that is at most so much."""
    power = 10.0 ** math.floor(math.log10(most))
    found = max(step * power for step in NICE if step * power <= most)
    return int(found) if found >= 1 else found


def _head(words: Words, sheet: Sheet) -> None:
    lines = words.wrapped(sheet.sentence, 26, WIDTH - 2 * LEFT, 2, 680)
    for number, line in enumerate(lines):
        words.write(LEFT, (40 if len(lines) > 1 else 58) + 32 * number, line, 26, INK, 680)
    words.write(LEFT, 100 if len(lines) > 1 else 92, sheet.facts, 17, MUTED, 500)


def _legend(words: Words, marks: Marks, sheet: Sheet) -> None:
    """Every type on the map with its count, in columns."""
    shown = [(name, count) for name, count in sheet.types.items() if count]
    order = list(sheet.looks)
    shown.sort(key=lambda item: order.index(item[0]) if item[0] in order else len(order))
    columns = max(COLUMNS, math.ceil(len(shown) / ROWS))
    wide = (WIDTH - 2 * LEFT) / columns
    rows = max(1, math.ceil(len(shown) / columns))
    for number, (name, count) in enumerate(shown):
        x, y = LEFT + number // rows * wide, LEGEND_TOP + number % rows * 22
        if look := sheet.looks.get(name):
            marks.symbol(x + SYMBOL_PX + 1, y - 5, SYMBOL_PX, look)
        figure = f"{count:,}"
        room = wide - 60 - words.width(figure, 14, 600)
        after = words.write(x + 24, y, words.fitted(name, 14, room), 14, INK)
        words.write(x + 24 + after + 8, y, figure, 14, INK, 600)


def _foot(draw: ImageDraw, words: Words, sheet: Sheet) -> None:
    """Who made it when, how to read it, and whose it is: of many sources some are cut, never the map's own credit."""
    wide, base = WIDTH - 2 * LEFT, HEIGHT - 16
    draw.line([n * DRAWN for n in (LEFT, HEIGHT - FOOT, WIDTH - LEFT, HEIGHT - FOOT)], LINE, DRAWN)
    width = words.write(LEFT, base - 38, sheet.title, 15, ACCENT, 700) + 14
    left = f" Left out: {'; '.join(sheet.left_out)}." if sheet.left_out else ""
    words.write(
        LEFT + width, base - 38, words.fitted(sheet.made + left, 12, wide - width), 12, MUTED, whole=sheet.made + left
    )
    words.write(LEFT, base - 19, READING, 12, MUTED)
    room = wide - words.width(sheet.ground, 12) - 12
    width = words.write(LEFT, base, words.fitted(sheet.credits, 12, room), 12, MUTED, whole=sheet.credits) + 6
    words.write(LEFT + width, base, sheet.ground, 12, MUTED)
