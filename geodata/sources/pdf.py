"""PDF files (.pdf): the text of their pages, by pypdf; lines are joined to paragraphs, running heads left out.

A scan has no text, and is told so. Pages, the size of a page's content and the time taken are limited.
"""

import io
import logging
import re
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

from geodata.contracts import Reading
from geodata.errors import UsageError
from geodata.sources.stories import reading, story

MOST_PAGES = 500
MOST_PAGE_BYTES = 5_000_000  # of one page's unpacked content; a page of text has some 10,000
MOST_S = 60.0
CHECK_EVERY = 256  # drawing operations between two looks at the clock
SHORT_LINE = 0.75  # of the usual length: a line this short ends its paragraph
_HYPHEN = re.compile(r"(?<=[^\W\d_])[-\u00ad]$")
_BROKEN = (ArithmeticError, AssertionError, AttributeError, LookupError, OSError, RecursionError, TypeError, ValueError)
"""What pypdf raises, beside its own errors, on damaged objects: it trusts their types."""


def read(data: bytes, name: str) -> Reading:
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # its warnings name objects that mean nothing to a reader
    pages = list(_pages(data, name))
    text = _joined(pages)
    if len(text.split()) < 3:
        raise UsageError(f"{name} holds no text: its pages are pictures (a scan); accepted: a PDF with text in it")
    note = f"read from {len(pages):,} page{'s' * (len(pages) != 1)} of a PDF: check that columns follow each other"
    return reading(story(text, name, notes=(note,), dated_by_text=True))


def _pages(data: bytes, name: str) -> Iterator[str]:
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, LimitReachedError, PyPdfError

    try:
        found = PdfReader(io.BytesIO(data), strict=False)
        if found.is_encrypted and not found.decrypt(""):
            raise UsageError(f"{name} has a password; accepted: a PDF without one")
        count = len(found.pages)
        if count > MOST_PAGES:
            raise UsageError(f"{name} has {count:,} pages; accepted: at most {MOST_PAGES:,}")
        deadline = _Deadline(name)
        for number in range(count):
            yield _text(found.pages[number], deadline, f"{name}, page {number + 1}")
    except UsageError:
        raise
    except DependencyError as error:
        raise UsageError(f"{name} is encrypted; accepted: a PDF without a password") from error
    except LimitReachedError as error:
        raise UsageError(f"{name} unpacks to more than is accepted ({error})") from error
    except (PyPdfError, *_BROKEN) as error:
        raise UsageError(f"{name} is damaged and cannot be read as a PDF ({error}); accepted: a whole file") from error


class _Deadline:
    """A clock that is looked at while a page is read; UsageError when the time is over."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.end = time.monotonic() + MOST_S
        self.operations = 0

    def tick(self, *_: Any) -> None:
        self.operations += 1
        if self.operations % CHECK_EVERY == 0 and time.monotonic() > self.end:
            raise UsageError(f"{self.name} takes longer than {MOST_S:.0f} s to read, which is the most accepted")


def _text(page: Any, deadline: _Deadline, where: str) -> str:
    content = page.get_contents()
    size = len(content.get_data()) if content is not None else 0
    if size > MOST_PAGE_BYTES:
        raise UsageError(f"{where}: its content unpacks to {size:,} bytes; accepted: at most {MOST_PAGE_BYTES:,}")
    deadline.operations = CHECK_EVERY - 1  # look at once: a page of few operations can be slow too
    deadline.tick()
    return str(page.extract_text(visitor_operand_before=deadline.tick))


def _joined(pages: list[str]) -> str:
    """The pages' lines as paragraphs. Words broken at a line's end are joined, repeated heads and feet left out."""
    split = [[line.strip() for line in page.splitlines()] for page in pages]
    ends = Counter(_bare(line) for lines in split for line in {*_edge(lines)})
    running = {line for line, times in ends.items() if len(pages) > 2 and times > len(pages) / 2}
    lines = [line for page in split for line in page if _bare(line) not in running or not line]
    longest = sorted(len(line) for line in lines if line)
    usual = longest[len(longest) * 3 // 4] if longest else 0
    text = ""
    for line in lines:
        if not line:
            text = text.rstrip() + "\n\n" if text else ""
        elif text and not text.endswith("\n"):
            text = text[:-1] + line if _HYPHEN.search(text) and line[0].islower() else f"{text} {line}"
        else:
            text += line
        if line and len(line) < usual * SHORT_LINE:
            text += "\n\n"
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _edge(lines: list[str]) -> list[str]:
    filled = [line for line in lines if line]
    return [*filled[:1], *filled[-1:]]


def _bare(line: str) -> str:
    """A line without its figures, so that "Page 3" and "Page 4" are one."""
    return re.sub(r"\d+", "", line).strip().casefold()
