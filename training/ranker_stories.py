"""Stories with names whose places are known, for the ranker of stories: GeoVirus, and stories made of table rows.

GeoVirus alone would teach the ranker that news is of capitals. So rows of the geocoding corpus, most of them villages,
are put together as the names of made-up stories: some with their country or region named, some bare.
"""

import random
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from geodata.model import Document, Span, Toponym
from training.ranker_rows import GoldRow

SEED = 20
_KINDS = re.compile(r"\s+(town|village|city)$", re.IGNORECASE)
_LIST_GOES_ON = re.compile(r",? (?:and|or) |, [A-Z]")
_MOST_NAMES = 6
_NEIGHBOURS = 0.5
"""Share of made-up stories whose places all lie in one first level area."""
_COUNTRY_NAMED = 0.7
_AREA_NAMED = 0.25
_AREA_BOUND = 0.25
"""Shares of made-up stories that name the country, name the region, or write "X, region"."""


@dataclass(frozen=True, slots=True)
class GoldStory:
    """A document's toponyms, and lon, lat of those whose place is known. `group` is for cross-validation."""

    document: Document
    toponyms: tuple[Toponym, ...]
    points: tuple[tuple[float, float] | None, ...]
    group: str
    real: bool


def read_geovirus(path: Path) -> Iterator[GoldStory]:
    """The corpus's stories with the names that it marks, so that the ranker does not hang on how names are found."""
    for number, article in enumerate(ElementTree.parse(path).getroot().iter("article")):  # noqa: S314  # a corpus of ours
        text = article.findtext("text") or ""
        tags = sorted(article.iter("location"), key=lambda tag: int(tag.findtext("start") or 0))
        spans = [Span(int(tag.findtext("start") or 0) - 1, int(tag.findtext("end") or 0) - 1) for tag in tags]
        names = tuple(_toponym(text, span, after) for span, after in zip(spans, [*spans[1:], None], strict=True))
        document = Document(str(number), text)
        yield GoldStory(document, names, tuple(map(_point, tags)), f"geovirus:{number}", True)


def _toponym(text: str, span: Span, following: Span | None) -> Toponym:
    """The name, bound to the next one where a comma is all that parts them and no list goes on: "Paris, Texas"."""
    bound = following is not None and text[span.end : following.start] == ", "
    if bound and following is not None and not _LIST_GOES_ON.match(text, following.end):
        return Toponym(span, span.of(text), span.of(text), context=(following.of(text),))
    return Toponym(span, span.of(text), span.of(text))


def _point(tag: ElementTree.Element) -> tuple[float, float] | None:
    lon, lat = tag.findtext("lon"), tag.findtext("lat")
    return (float(lon), float(lat)) if lon and lat else None


def made_up(rows: list[GoldRow]) -> Iterator[GoldStory]:
    """Stories of up to six rows of one country; every row is in one story. `group` is a hash bin of its first name."""
    dice = random.Random(SEED)  # noqa: S311  # the same stories each time
    heaps: dict[tuple[str, ...], list[GoldRow]] = defaultdict(list)
    for row in rows:
        close = dice.random() < _NEIGHBOURS
        heaps[(row.row.country, row.row.admin1) if close else (row.row.country,)].append(row)
    for key in sorted(heaps):
        heap = heaps[key]
        dice.shuffle(heap)
        while heap:
            size = dice.randint(1, _MOST_NAMES)
            yield _story(heap[:size], dice)
            heap = heap[size:]


def _story(rows: list[GoldRow], dice: random.Random) -> GoldStory:
    text, toponyms, points = "Reports came", [], []

    def write(before: str, name: str, point: tuple[float, float] | None, context: tuple[str, ...] = ()) -> None:
        nonlocal text
        text += before
        toponyms.append(Toponym(Span(len(text), len(text) + len(name)), name, name, context=context))
        points.append(point)
        text += name

    area = rows[0].row.admin1 if len({row.row.admin1 for row in rows}) == 1 else ""
    roll = dice.random()
    bound = bool(area) and roll < _AREA_BOUND
    for number, row in enumerate(rows):
        name = _KINDS.sub("", row.row.place)
        write(", " if number else " from ", name, (row.lon, row.lat), (area,) if bound and name != area else ())
    if bound or (area and roll < _AREA_BOUND + _AREA_NAMED):
        write(", ", area, None)
    if dice.random() < _COUNTRY_NAMED:
        write(" in ", rows[0].row.country.split(" (")[0], None)
    return GoldStory(Document(rows[0].key, text + "."), tuple(toponyms), tuple(points), f"row:{rows[0].group}", False)
