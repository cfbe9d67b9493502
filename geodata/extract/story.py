"""A document cut into paragraphs, each with its parse: what every later step of extraction reads.

Paragraphs are parsed one by one, so that a headline never runs into the sentence below it and memory stays bounded.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from geodata.extract.dates import DateMention
from geodata.model import Document, NameMatch, Span, Toponym

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from geodata.extract.parsed import Parsed

MAX_PARAGRAPH_CHARS = 4_000
_BREAK = re.compile(
    r"\n[ \t\r\f\v\u00a0]*\n\s*|(?<=[.!?…»”\"')\]:;])[ \t\r]*\n|\n(?=[ \t]*(?:[-*•–]|\d{1,2}[.)])[ \t])|[\u2028\u2029]"
    r"|\n(?=[^\n|]{0,200}\|[^\n|]{0,400}\|)|\n(?=[^\n\t]{1,200}\t[^\n\t]{1,400}\t[^\n\t]*\w)"
    r"|(?<=\))[ \t]*\|?[ \t]*(?=\[[^\[\]\n]{1,200}\]\()"
)
"""An empty line, the end of a line that ends a sentence, the next item of a list, row of a table, or link of a line."""
_ROW = re.compile(r"\|[^|]*\w[^|]*\||[^\t\n]\t[^\t\n]{1,400}\t(?=[^\t\n])")
"""A row of a table: its cells tell of one thing, though it is no sentence."""
_MORE = re.compile(
    r"\W{0,3}(?:most\s+(?:read|viewed|popular)|read\s+(?:also|more|next)|also\s+(?:read|see)|see\s+also|more\s+on\s+this|related"
    r"(?:\s+(?:stories|articles|news|topics))?|you\s+may\s+also\s+like|recommended|trending|читайте\s+(?:також|также)|дивіться\s+також)"
    r"(?:\s*[:|]|\s*[-–—]\s)",
    re.IGNORECASE,
)
"""What introduces such headlines."""
_DATED = re.compile(r"\d{4}|\d[./ ](?:\d|[A-ZА-Яа-яіїє][a-zа-яіїє]{2})|[A-Z][a-z]{2,8}\.? \d{1,2}\b")
"""A table's row has its date."""
MOST_TITLE_LINKS = 2
"""Parts of a story's first line: its title and the site's name."""
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2060\ufeff\ud800-\udfff]")
_ASIDE = re.compile(r"(?<=[\w,;] )\[([^\[\]]{1,90})\]")
"""Words put into a sentence in square brackets, which small models take for a sentence of their own."""
_SENTENCE = re.compile(r"[.!?…:]['\"”’»)\]]*\s*$")
_DATELINE = re.compile(
    r"\W*[A-Z][\w'.-]+(?:[ -][A-Z][\w'.-]+){0,3}(?:,? \([A-Z][\w ]+\))?(?:,\s*(?:[A-Z][\w. ]+|\d{1,2} [A-Z][a-z]{2,8}\.?(?: \d{2,4})?))*"  # noqa: E501
    r"\s*(?:\([^()]{2,60}\)\s*)?(?:--|—|–|(?<=\) )-|(?<=[A-Z]{3} )-)\s"
)
_SLAVIC_END = re.compile(r"(?<=[.!?…])['\"”»)]*\s+(?=[«\"“(]?[A-ZА-ЯІЇЄҐЁ0-9])")
_SHORT = re.compile(r"(?:^|[\s(«])(?:м|с|г|гр|р|обл|вул|ул|им|ім|д|п|смт|тис|тыс|млн|[А-ЯІЇЄҐ])\.$")


@dataclass(frozen=True, slots=True)
class Entity:
    """A span that spaCy labelled; offsets in its paragraph, end excluded."""

    start: int
    end: int
    label: str


@dataclass(slots=True)
class Paragraph:
    """A piece of the text from `start` on, of the same length as written: without line breaks or control characters,
    and with round brackets for square ones inside a sentence."""

    start: int
    text: str
    heading: bool = False
    row: bool = False
    """Whether it is a row of a table."""
    aside: bool = False
    """Whether it tells of other stories: no event of this one is in it."""
    doc: "Doc | None" = None
    """spaCy's, between the search for names and the parse."""
    parsed: "Parsed | None" = None
    matches: tuple[NameMatch, ...] = ()
    entities: tuple[Entity, ...] = ()
    """What spaCy labelled, as plain values: it makes its spans anew each time they are asked for."""

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@dataclass(slots=True)
class Story:
    """One document on its way through extraction; `toponyms` and `dates` in text order, offsets in the document."""

    document: Document
    language: str
    paragraphs: list[Paragraph]
    toponyms: tuple[Toponym, ...] = ()
    dates: tuple[DateMention, ...] = ()
    dateline: Span | None = None
    notes: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return self.document.text


def paragraphs(text: str) -> list[Paragraph]:
    """The text's paragraphs, long ones cut at sentence ends or spaces; offsets are the text's own."""
    plain = _CONTROL.sub(" ", text).replace("\u2019", "'").replace("\u02bc", "'")
    found: list[Paragraph] = []
    start = 0
    for match in _BREAK.finditer(plain):
        found += _pieces(plain, start, match.start())
        start = match.end()
    found += _pieces(plain, start, len(plain))
    for paragraph in found:
        paragraph.row = bool(_ROW.search(plain, paragraph.start, paragraph.end))
        paragraph.heading = not paragraph.row and _is_heading(paragraph.text)
    _set_aside(plain, found)
    return found


def _set_aside(plain: str, pieces: Sequence[Paragraph]) -> None:
    """Mark lines of links, where the text has a story beside them."""
    links = [piece for number, piece in enumerate(pieces) if _is_links(plain, pieces, number)]
    told = [piece for piece in pieces if not piece.heading and piece not in links]
    for piece in links if told else ():
        piece.aside = True


def _is_links(plain: str, pieces: Sequence[Paragraph], number: int) -> bool:
    piece = pieces[number]
    if _MORE.match(piece.text):
        return True
    line = _cells(plain, piece)
    if line < (2 if number else MOST_TITLE_LINKS + 1) or _DATED.search(pieces[number].text):
        return False
    return not any(
        _cells(plain, other) == line for other in pieces[max(0, number - 1) : number + 2] if other is not pieces[number]
    )


def _cells(plain: str, piece: Paragraph) -> int:
    """How many parts a line of links has, or a table's row without its outer bars; 0: it is neither."""
    if plain.count("|", piece.start, piece.end) == 0:
        return 0
    cells = plain[piece.start : piece.end].split("|")
    return len(cells) if all(cell.strip() for cell in cells) and "\n" not in "".join(cells) else 0


def _pieces(text: str, start: int, end: int) -> Iterator[Paragraph]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    while end - start > MAX_PARAGRAPH_CHARS:
        window = text[start : start + MAX_PARAGRAPH_CHARS]
        ends = (window.rfind(". ") + 1, window.rfind("\n"), window.rfind(" "), MAX_PARAGRAPH_CHARS)
        cut = next(end for end in ends if end > 0)
        yield Paragraph(start, _one_line(window[:cut]))
        start += cut
    if end > start:
        yield Paragraph(start, _one_line(text[start:end]))


def _one_line(text: str) -> str:
    if _ROW.search(text):
        text = text.replace("|", ",").replace("\t", "—")  # a dash parts words even without spaces
    return _ASIDE.sub(r"(\1)", re.sub(r"[\n\t\r]", " ", text))


def _is_heading(text: str) -> bool:
    return len(text) < 160 and not _SENTENCE.search(text)


def find_dateline(pieces: Sequence[Paragraph]) -> Span | None:
    """The line that says where and when a story was filed ("KHERSON, Ukraine (AP) — "): not where its events were."""
    for paragraph in pieces[:6]:
        if end := dateline_end(paragraph.text):
            return Span(paragraph.start, paragraph.start + end)
    return None


def dateline_end(text: str) -> int:
    """Where the dateline that a paragraph's text begins with ends; 0 where it begins with none."""
    match = _DATELINE.match(text)
    return match.end() if match else 0


def sentences(paragraph: Paragraph) -> Sequence[Span]:
    """Sentence spans without a parser, for Ukrainian and Russian: a full stop before a capital, but no abbreviation."""
    found: list[Span] = []
    start = 0
    for match in _SLAVIC_END.finditer(paragraph.text):
        if _SHORT.search(paragraph.text[start : match.start()]):
            continue
        found.append(Span(paragraph.start + start, paragraph.start + match.start()))
        start = match.end()
    if start < len(paragraph.text):
        found.append(Span(paragraph.start + start, paragraph.end))
    return found
