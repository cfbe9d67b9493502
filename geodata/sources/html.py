"""A web page (.html): the article's body, title, publication date and site, by trafilatura; the rest is dropped.

Scripts, menus and comments are gone from the text. A page where no article is found is a UsageError.
"""

import re
from datetime import date

from geodata.contracts import Reading
from geodata.errors import UsageError
from geodata.model import Source
from geodata.sources.encoding import clean, decode, encoding_note
from geodata.sources.markup import check_markup
from geodata.sources.stories import DATE_NOTE, day, reading, story

FEWEST_WORDS = 5  # a page of fewer is a menu or a notice, not an article
LONG_WORDS, LONG_CHARS = 12, 60  # a line of so many is no link of a menu, though no mark ends it
_SENTENCE_END = re.compile(r"""[.!?…。！？؟۔।]["'”’»)\]]*\s*$""")
_DECLARED = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]+)""", re.IGNORECASE)
_LANGUAGE = re.compile(r"""<html[^>]*\slang\s*=\s*["']?([A-Za-z]{2,3})""", re.IGNORECASE)


def read(data: bytes, name: str) -> Reading:
    page, notes = _page(data, name)
    check_markup(page, name)
    text, source = _article(page, name)
    if source.published:
        notes = (*notes, f"{DATE_NOTE} {source.published} read from the page: check it")
    language = _LANGUAGE.search(page[:5000])
    made = story(text, name, source=source, language=language[1].lower() if language else "", notes=notes)
    return reading(made)


def _page(data: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    """The page's text by the encoding that it declares, where that fits; else by detection."""
    declared = _DECLARED.search(data[:4096])
    if declared and not data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        encoding = declared[1].decode("ascii").lower()
        try:
            text = data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            pass
        else:
            cleaned, notes = clean(text)
            said = () if encoding in ("utf-8", "utf8") else (f"read as {encoding}, which the page declares",)
            return cleaned, (*said, *notes)
    text, encoding = decode(data, name)
    cleaned, notes = clean(text)
    return cleaned, (*encoding_note(encoding), *notes)


def _article(page: str, name: str) -> tuple[str, Source]:
    from trafilatura import bare_extraction

    found = bare_extraction(
        page,
        with_metadata=True,
        include_comments=False,
        include_tables=False,
        date_extraction_params={
            "original_date": True,
            "extensive_search": False,
            "max_date": date.today().isoformat(),
        },
    )
    if isinstance(found, dict):  # trafilatura's older form of an answer
        raise TypeError("trafilatura answered with a dict")
    text = (found.text or "").strip() if found else ""
    if not found or len(text.split()) < FEWEST_WORDS or not any(map(_is_told, text.splitlines())):
        raise UsageError(f"{name} is a web page in which no article was found; paste its text instead")
    source = Source(
        url=found.url or "",
        title=found.title or "",
        publisher=found.sitename or "",
        published=day(found.date or ""),
    )
    return text, source


def _is_told(line: str) -> bool:
    """Whether a line is a sentence or as long as one: a page of nothing but links has none."""
    return bool(_SENTENCE_END.search(line)) or len(line) >= LONG_CHARS or len(line.split()) >= LONG_WORDS
