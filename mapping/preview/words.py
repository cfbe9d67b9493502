"""Text in pictures, in the page's own typeface: Inter, as set-up installs it, one file a script.

Scripts that Inter lacks (Arabic, Chinese, ...) are shown as "…": the page's description has them in full.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path

from PIL import ImageFont
from PIL.ImageDraw import ImageDraw

Colour = tuple[int, int, int]
FOLDER = Path(__file__).resolve().parents[2] / "static" / "vendor" / "inter"
SUBSETS = (
    (0x0000, 0x00FF, "latin"),
    (0x0100, 0x024F, "latin-ext"),
    (0x0370, 0x03FF, "greek"),
    (0x0400, 0x045F, "cyrillic"),
    (0x0460, 0x052F, "cyrillic-ext"),
    (0x1E00, 0x1EFF, "latin-ext"),
    (0x2000, 0x206F, "latin"),
    (0x20A0, 0x20C0, "latin-ext"),
    (0x2190, 0x2193, "latin"),
)
"""First and last code point, and the file that has them: the blocks that Fontsource parts Inter by."""
_WORD = re.compile(r"\S+")
NO_GLYPHS = "…"
MOST_CHARS = 400
"""More than find room in a line of a picture: the rest of a long text is not measured word by word."""


_MIDDLE = 0.36
"""How far the baseline lies below the middle of the letters, of their size."""


@dataclass(frozen=True, slots=True)
class Line:
    """A word in a picture, or a text that was cut: `x` is the left edge, `y` the baseline, in units of the drawing from
    its upper left corner.
    """

    x: float
    y: float
    size: float
    width: float
    text: str


class Words:
    """Draws text at one scale; not to be shared between threads, as FreeType's faces are not."""

    def __init__(self, draw: ImageDraw, scale: int = 1) -> None:
        self._draw = draw
        self._scale = scale
        self._written: list[tuple[float, float, str, float, int, str]] = []

    def lines(self) -> Iterator[Line]:
        """All that was written, word by word; what was cut is whole, in the room of its part."""
        for x, y, text, size, weight, whole in self._written:
            if whole:
                yield Line(x, y, size, self.width(text, size, weight), whole)
                continue
            for word in _WORD.finditer(text):
                left = x + self.width(text[: word.start()], size, weight)
                yield Line(left, y, size, self.width(word[0], size, weight), word[0])

    def width(self, text: str, size: float, weight: int = 400) -> float:
        return sum(font.getlength(piece) for piece, font in self._runs(text, size, weight)) / self._scale

    def write(self, x: float, y: float, text: str, size: float, colour: Colour, weight: int = 400, anchor: str = "ls",
              halo: Colour | None = None, whole: str = "") -> float:  # fmt: skip
        """Writes `text` with its baseline (`s`) or middle (`m`) at y, from (`l`), around (`m`) or up to (`r`) x.

        The width written, in pixels. `whole` is what it was before it was cut, for who reads words, not pictures.
        """
        width = self.width(text, size, weight)
        left = x - {"l": 0.0, "m": width / 2, "r": width}[anchor[0]]
        at = left * self._scale
        below = _MIDDLE * size if anchor[1] == "m" else 0.0
        self._written.append((left, y + below, text, size, weight, "" if whole == text else whole))
        for piece, font in self._runs(text, size, weight):
            place, vertical = (at, y * self._scale), f"l{anchor[1]}"
            if halo:
                self._draw.text(place, piece, colour, font, vertical, stroke_width=2 * self._scale, stroke_fill=halo)
            else:
                self._draw.text(place, piece, colour, font, vertical)
            at += font.getlength(piece)
        return width

    def fitted(self, text: str, size: float, most: float, weight: int = 400) -> str:
        """`text`, cut with an ellipsis where it is wider than `most`."""
        if self.width(text, size, weight) <= most:
            return text
        low, high = 0, len(text)
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (
                (middle, high) if self.width(text[:middle].rstrip() + "…", size, weight) <= most else (low, middle - 1)
            )
        return text[:low].rstrip(" ,") + "…"

    def wrapped(self, text: str, size: float, most: float, lines: int, weight: int = 400) -> list[str]:
        """`text` in at most so many lines, broken between words; the last is cut where it does not fit."""
        found: list[str] = []
        rest = text[: MOST_CHARS * lines].split()
        while rest and len(found) < lines - 1:
            count = len(rest)
            while count > 1 and self.width(" ".join(rest[:count]), size, weight) > most:
                count -= 1
            found.append(self.fitted(" ".join(rest[:count]), size, most, weight))
            rest = rest[count:]
        return [*found, self.fitted(" ".join(rest), size, most, weight)] if rest else found

    def _runs(self, text: str, size: float, weight: int) -> Iterator[tuple[str, ImageFont.FreeTypeFont]]:
        """Pieces of the text, each with the font that has its characters."""
        subset = "latin"
        for found, letters in groupby(text, key=subset_of):
            subset, piece = found or "latin", "".join(letters) if found else NO_GLYPHS
            yield piece, self._font(subset, size, weight)

    @cache  # noqa: B019  (an object of this class lives for one picture)
    def _font(self, subset: str, size: float, weight: int) -> ImageFont.FreeTypeFont:
        path = FOLDER / f"inter-{subset}-wght-normal.woff2"
        if not path.is_file():  # set-up has not brought the front-end assets: Pillow's own face has Latin letters
            found = ImageFont.load_default(size * self._scale)
            assert isinstance(found, ImageFont.FreeTypeFont)  # as Pillow's wheels are built
            return found
        font = ImageFont.truetype(path, size * self._scale)
        font.set_variation_by_axes([weight])
        return font


def subset_of(letter: str) -> str:
    """The file that has a character; empty where none has."""
    code = ord(letter)
    return next((name for first, last, name in SUBSETS if first <= code <= last), "")
