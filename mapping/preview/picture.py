"""The picture that a link to a view is shown with: its map, what it holds in words, how much, and who is credited."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from PIL import Image
from PIL.ImageDraw import ImageDraw

from geodata.answers import Cluster
from geodata.model import Event
from mapping.preview.frame import Frame
from mapping.preview.ground import SEA, Ground, names
from mapping.preview.marks import SYMBOL_PX, Look, Marks
from mapping.preview.outlines import Outlines
from mapping.preview.words import Colour, Words

WIDTH, HEIGHT = 1200, 630
"""What Open Graph's readers ask for: 1.91 to 1."""
MAP_HEIGHT = 446
SCALE = 2
"""Pillow draws without smoothing: everything is drawn twice as large, and reduced."""
INK: Colour = (28, 33, 38)
MUTED: Colour = (86, 94, 103)
PAPER: Colour = (255, 255, 255)
ACCENT: Colour = (11, 92, 173)
LEFT = 44
MOST_TYPES = 5


@dataclass(frozen=True, slots=True)
class Preview:
    """What the picture shows. `types` are counts by type, `looks` how each is drawn, in the legend's order."""

    title: str
    sentence: str
    facts: str
    credits: str
    types: Mapping[str, int]
    looks: Mapping[str, Look]
    clusters: Sequence[Cluster] = ()
    events: Sequence[Event] = ()
    radius_m: Mapping[int, float] = field(default_factory=dict)
    """Of the areas that clusters are of, by the row that they name."""


def map_frame(frame: Frame) -> Frame:
    """The same middle and zoom in the size of the picture's map."""
    return Frame(frame.lon, frame.lat, frame.zoom, WIDTH, MAP_HEIGHT).kept_on_earth()


def draw_preview(preview: Preview, frame: Frame, outlines: Outlines | None) -> bytes:
    """A PNG of 1200 by 630 pixels; without outlines the marks lie on plain ground."""
    image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), SEA)
    draw = ImageDraw(image, "RGBA")
    words = Words(draw, SCALE)
    if outlines:
        Ground(draw, frame, outlines, SCALE).paint()
    marks = Marks(draw, frame, preview.looks, words, SCALE)
    taken = marks.paint(preview.clusters, preview.events, preview.radius_m)
    if outlines:
        names(frame, outlines, words, taken)
    _plate(draw, words, preview, marks)
    out = io.BytesIO()
    image.reduce(SCALE).save(out, "PNG", compress_level=7)
    return out.getvalue()


def _plate(draw: ImageDraw, words: Words, preview: Preview, marks: Marks) -> None:
    """The strip below the map: words, legend, credits."""
    draw.rectangle([0, MAP_HEIGHT * SCALE, WIDTH * SCALE, HEIGHT * SCALE], PAPER)
    draw.rectangle([0, MAP_HEIGHT * SCALE, WIDTH * SCALE, (MAP_HEIGHT + 4) * SCALE], ACCENT)
    room = WIDTH - 2 * LEFT
    lines = words.wrapped(preview.sentence, 32, room, 2, 650)
    top = MAP_HEIGHT + (52 if len(lines) > 1 else 62)
    for number, line in enumerate(lines):
        words.write(LEFT, top + 39 * number, line, 32, INK, 650)
    _legend(words, preview, marks, top + 39 * (len(lines) - 1) + 38)
    base = HEIGHT - 22
    width = words.write(LEFT, base, preview.title, 20, ACCENT, 700)
    facts = words.write(LEFT + width + 18, base, preview.facts, 20, INK, 500)
    most = room - width - facts - 18 - 40
    words.write(WIDTH - LEFT, base, words.fitted(preview.credits, 15, most), 15, MUTED, anchor="rs")


def _legend(words: Words, preview: Preview, marks: Marks, base: float) -> None:
    """The types with most events, as far as they find room; what is left out is counted."""
    counted = sorted(((count, name) for name, count in preview.types.items() if count), reverse=True)
    x, left = float(LEFT), len(counted)
    for count, name in counted[:MOST_TYPES]:
        text = f"{name} {count:,}"
        if x + words.width(text, 18) > WIDTH - LEFT - 120:
            break
        if look := preview.looks.get(name):
            marks.symbol(x + SYMBOL_PX, base - 6, SYMBOL_PX, look)
        x += 22 + words.write(x + 22, base, text, 18, MUTED) + 26
        left -= 1
    if left:
        words.write(x, base, f"and {left} more", 18, MUTED)
