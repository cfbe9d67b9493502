"""A picture as a page of PDF with its words as text: to select, to search, to be read aloud, in any script.

The picture stays what is seen. The words lie over it in a font whose glyphs draw nothing (PDF 32000-1, 9.6.5, Type 3),
each where it is in the picture, with a map from its codes to Unicode (9.10.3); so no typeface has to be put in, and
scripts that the picture's own lacks are there as well. Text read by machines (OCR) is laid over scans the same way.
"""

import io
import zlib
from collections.abc import Iterable, Sequence
from typing import IO

from PIL import Image

from mapping.preview.words import Line

QUALITY = 92
"""Of the JPEG inside: at this one, thin lines and letters show no rings."""
CODES = 255
"""Characters of one font: a code is a byte, and 0 is left out."""
_EM, _WIDE, _LOW, _HIGH = 1000, 500, -220, 780
"""Of a glyph: what a reader marks of it reaches from the descenders up to the capitals."""


class _Codes:
    """A font number and a code for each character that occurs."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def pieces(self, text: str) -> Iterable[tuple[int, bytes]]:
        """The text as runs of one font."""
        font, codes = 0, b""
        for letter in text:
            number = self._numbers.setdefault(letter, len(self._numbers))
            if number // CODES != font and codes:
                yield font, codes
                codes = b""
            font = number // CODES
            codes += bytes([number % CODES + 1])
        if codes:
            yield font, codes

    def fonts(self) -> Sequence[Sequence[str]]:
        letters = list(self._numbers)
        return [letters[first : first + CODES] for first in range(0, len(letters), CODES)]


class _File:
    """Objects of a PDF, numbered from 1 as they are added."""

    def __init__(self) -> None:
        self._objects: list[bytes] = []

    def add(self, body: str, stream: bytes | None = None, packed: bool = False) -> int:
        data = body.encode("ascii")
        if stream is not None:
            kept = zlib.compress(stream) if packed else stream
            head = body[:-2] + (" /Filter /FlateDecode" if packed else "") + f" /Length {len(kept)} >>"
            data = head.encode("ascii") + b"\nstream\n" + kept + b"\nendstream"
        self._objects.append(data)
        return len(self._objects)

    def write(self, out: IO[bytes], root: int, info: int) -> None:
        at, places = out.write(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"), []
        for number, data in enumerate(self._objects, 1):
            places.append(at)
            at += out.write(b"%d 0 obj\n%b\nendobj\n" % (number, data))
        rows = "".join(f"{place:010} 00000 n \n" for place in places)
        size = len(places) + 1
        out.write(f"xref\n0 {size}\n0000000000 65535 f \n{rows}".encode("ascii"))
        out.write(f"trailer << /Size {size} /Root {root} 0 R /Info {info} 0 R >>\n".encode("ascii"))
        out.write(f"startxref\n{at}\n%%EOF\n".encode("ascii"))


def write_page(
    image: Image.Image, lines: Iterable[Line], wide_pt: float, title: str, subject: str, out: IO[bytes]
) -> None:
    """The picture `wide_pt` points wide; positions of `lines` are in its own pixels."""
    scale = wide_pt / image.width
    high_pt, codes, file = image.height * scale, _Codes(), _File()
    text = "\n".join(_shown(line, codes, scale, high_pt) for line in lines)
    content = f"q {wide_pt:.2f} 0 0 {high_pt:.2f} 0 0 cm /Picture Do Q\nBT\n{text}\nET\n".encode("ascii")
    picture = file.add(
        f"<< /Type /XObject /Subtype /Image /Width {image.width} /Height {image.height} /ColorSpace /DeviceRGB "
        "/BitsPerComponent 8 /Filter /DCTDecode >>",
        _jpeg(image),
    )
    fonts = " ".join(f"/F{number} {_font(file, letters)} 0 R" for number, letters in enumerate(codes.fonts()))
    contents = file.add("<< >>", content, packed=True)
    info = file.add(f"<< /Title {_string(title)} /Subject {_string(subject)} /Producer (Dateline) >>")
    page, pages = info + 1, info + 2
    file.add(
        f"<< /Type /Page /Parent {pages} 0 R /MediaBox [0 0 {wide_pt:.2f} {high_pt:.2f}] /Contents {contents} 0 R "
        f"/Resources << /XObject << /Picture {picture} 0 R >> /Font << {fonts} >> >> >>"
    )
    file.add(f"<< /Type /Pages /Kids [{page} 0 R] /Count 1 >>")
    root = file.add(
        f"<< /Type /Catalog /Pages {pages} 0 R /Lang (en) /ViewerPreferences << /DisplayDocTitle true >> >>"
    )
    file.write(out, root, info)


def _shown(line: Line, codes: _Codes, scale: float, high_pt: float) -> str:
    """Operators that lay a word over its place, stretched to the width that it has there, and a space after it."""
    size = line.size * scale
    natural = len(line.text) * size * _WIDE / _EM
    stretch = 100 * line.width * scale / natural if natural else 100
    x, y = line.x * scale, high_pt - line.y * scale
    parts = " ".join(f"/F{font} {size:.2f} Tf <{run.hex()}> Tj" for font, run in codes.pieces(f"{line.text} "))
    return f"{stretch:.2f} Tz 1 0 0 1 {x:.2f} {y:.2f} Tm {parts}"


def _font(file: _File, letters: Sequence[str]) -> int:
    """A font of so many letters, none of which leaves a mark; its number."""
    glyph = file.add("<< >>", f"{_WIDE} 0 0 {_LOW} {_WIDE} {_HIGH} d1".encode("ascii"))
    unicode = file.add("<< >>", _to_unicode(letters).encode("ascii"), packed=True)
    names = " ".join(f"/g{code}" for code in range(1, len(letters) + 1))
    procs = " ".join(f"/g{code} {glyph} 0 R" for code in range(1, len(letters) + 1))
    widths = " ".join([str(_WIDE)] * len(letters))
    return file.add(
        f"<< /Type /Font /Subtype /Type3 /FontBBox [0 {_LOW} {_WIDE} {_HIGH}] /FontMatrix [0.001 0 0 0.001 0 0] "
        f"/CharProcs << {procs} >> /Encoding << /Type /Encoding /Differences [1 {names}] >> /FirstChar 1 "
        f"/LastChar {len(letters)} /Widths [{widths}] /Resources << >> /ToUnicode {unicode} 0 R >>"
    )


def _to_unicode(letters: Sequence[str]) -> str:
    rows = [f"<{code:02x}> <{letter.encode('utf-16-be', 'replace').hex()}>" for code, letter in enumerate(letters, 1)]
    tables = [rows[first : first + 100] for first in range(0, len(rows), 100)]  # the most that one table may have
    listed = "\n".join(f"{len(part)} beginbfchar\n{chr(10).join(part)}\nendbfchar" for part in tables)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        f"1 begincodespacerange\n<00> <ff>\nendcodespacerange\n{listed}\n"
        "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    )


def _string(text: str) -> str:
    """A text string of any letters (7.9.2.2)."""
    return f"<{(chr(0xFEFF) + text).encode('utf-16-be', 'replace').hex()}>"


def _jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.convert("RGB").save(out, "JPEG", quality=QUALITY)
    return out.getvalue()
