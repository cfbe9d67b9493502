"""Place names of an English story as toponyms: the form to look up, whether it is "near", the larger names around.

`spotting` says which spans are names. The span is of the name alone ("Kherson" in "the Kherson region"), while `name`
keeps a small area word behind it ("Kherson region"), for what is called a region is looked up as one.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from geodata.extract.spans import Taken
from geodata.extract.spotting import spot
from geodata.extract.story import Paragraph, Story
from geodata.model import Span, Toponym

SURE = 0.6
"""Confidence from which an event may be placed here though nothing else supports the name."""
_NEAR_BEFORE = re.compile(
    r"\b(?:near(?:by)?|outside|close\s+to|(?:in|at|on)\s+the\s+(?:outskirts|edge|suburbs?|vicinity|environs)\s+of|outskirts\s+of"
    r"|suburbs?\s+of|vicinity\s+of|not\s+far\s+from|(?:km|kilometers|kilometres|kms|miles?)\s+(?:\w+\s+){0,2}(?:of|from)"
    r"|(?:north|south|east|west|north-?east|north-?west|south-?east|south-?west)(?:ern)?\s+of|around)\s+"
    r"(?:the\s+)?(?:(?:\w+\s+)?(?:city|town|village|capital|port)\s+(?:of\s+)?)?$",
    re.IGNORECASE,
)
_NEAR_AFTER = re.compile(
    r"^(?:'s)?\s+(?:\w+\s+)?(?:suburbs?|outskirts|environs|countryside|surroundings)\b", re.IGNORECASE
)
_SIDE = r"(?:(?:north|south|east|west|central)[\w-]*\s+)?"
_AREA_OF = r"(?:(?:state|province|region|governorate|district|county|department|oblast)\s+of\s+)?"
_CONTEXT_GAP = re.compile(
    rf",\s+(?:in\s+)?(?:the\s+)?{_SIDE}{_AREA_OF}"
    rf"|\s+in\s+(?:the\s+)?(?:(?:neighbou?ring|occupied)\s+)?{_SIDE}{_AREA_OF}"
    rf"|\s+\(|,\s+a\s+(?:[\w-]+\s+){{0,4}}(?:city|town|village|district|port|suburb)\s+in\s+(?:the\s+)?{_SIDE}",
    re.IGNORECASE,
)
_OWNED_GAP = re.compile(rf"'s\s+{_SIDE}", re.IGNORECASE)
_LIST_AFTER = re.compile(r"^(?:,\s+(?:and\s+)?|\s+and\s+|\s+or\s+)[A-Z]")
_LIST_BEFORE = re.compile(r"[A-Z][\w'-]+,\s+$")
_SUFFIX = re.compile(
    r"^\s+(?:[Rr]egion|[Oo]blast|[Pp]rovince|[Dd]istrict|[Rr]aion|[Gg]overnorate|[Ss]tate|[Cc]ounty|[Dd]epartment|[Pp]refecture"
    r"|[Ii]slands?|[Pp]eninsula|[Vv]alley|[Rr]iver|[Mm]ountains?)\b"
)
_AREA_IN_NAME = re.compile(
    r"\w\s(?:Canton|County|Department|District|Governorate|Municipality|Oblast|Prefecture|Province|Raion|Region|State)$"
)


@dataclass(frozen=True, slots=True)
class _Found:
    """A place name of a paragraph, the form to look up, and how sure it is one."""

    start: int
    end: int
    name: str
    confidence: float


def find_toponyms(story: Story) -> tuple[Toponym, ...]:
    """All place names of an English story, in text order; words of its dates ("May", "March") are none."""
    found: list[list[_Found]] = [[] for _ in story.paragraphs]
    for item in spot(story.paragraphs):
        paragraph = story.paragraphs[item.paragraph]
        known = {(match.span.start, match.span.end): match.name for match in paragraph.matches}
        name = known.get((item.start, item.end)) or paragraph.text[item.start : item.end]
        found[item.paragraph].append(_Found(item.start, item.end, name, item.likelihood))
    dates = Taken(mention.span for mention in story.dates)
    made = [
        toponym
        for paragraph, items in zip(story.paragraphs, found, strict=True)
        for toponym in _toponyms(paragraph, items, story.text)
    ]
    return tuple(toponym for toponym in made if not dates.overlaps(toponym.span))


def _toponyms(paragraph: Paragraph, found: Sequence[_Found], whole: str) -> list[Toponym]:
    made, narrow = [], []
    for item in found:
        before, after = paragraph.text[: item.start], paragraph.text[item.end :]
        span = Span(paragraph.start + item.start, paragraph.start + item.end)
        near = bool(_NEAR_BEFORE.search(before[-80:]) or _NEAR_AFTER.match(after[:60]))
        suffix = _SUFFIX.match(after)
        narrow.append(span)
        name = item.name
        if suffix and not near and name == paragraph.text[item.start : item.end]:
            name = paragraph.text[item.start : item.end + suffix.end()]
            span = Span(span.start, span.end + suffix.end())
        made.append(Toponym(span, span.of(whole), name, round(item.confidence, 2), near))
    return [
        replace(toponym, span=span, text=span.of(whole)) if toponym.span != span else toponym
        for toponym, span in zip(_with_context(paragraph, made), narrow, strict=True)
    ]


def _with_context(paragraph: Paragraph, made: list[Toponym]) -> list[Toponym]:
    """Each name with the larger ones that follow it: "Paris, Texas"; not the next of a list."""
    done: list[Toponym] = []
    for i, toponym in enumerate(made):
        context: list[str] = []
        last = toponym
        for following in made[i + 1 : i + 3]:
            gap = _gap(paragraph, last, following)
            after = paragraph.text[following.span.end - paragraph.start :]
            before = paragraph.text[: toponym.span.start - paragraph.start]
            listed = gap.strip() == "," and bool(_LIST_AFTER.match(after) or _LIST_BEFORE.search(before[-60:]))
            listed = listed and not _chained(paragraph, following, made[i + len(context) + 2 : i + len(context) + 3])
            owned = context and _OWNED_GAP.fullmatch(gap)  # "Gwoza, in Nigeria's Borno State"
            if not (owned or _CONTEXT_GAP.fullmatch(gap)) or listed:
                break
            context.insert(len(context) - 1 if owned else len(context), following.name)
            last = following
        owner = made[i - 1] if i else None
        if owner and _OWNED_GAP.fullmatch(_gap(paragraph, owner, toponym)):
            context.append(owner.name)  # "Mogadishu's Yaqshid district"
        done.append(replace(toponym, context=tuple(dict.fromkeys(context))) if context else toponym)
    return done


def _chained(paragraph: Paragraph, area: Toponym, following: Sequence[Toponym]) -> bool:
    """Whether an area is told with the one that it lies in: "A, B District, C Province"."""
    return _called_area(area) and any(
        _called_area(wider) and _gap(paragraph, area, wider).strip() == "," for wider in following
    )


def _called_area(toponym: Toponym) -> bool:
    """Whether a name is written with its word for an area: "Borno State"."""
    return bool(_AREA_IN_NAME.search(toponym.name))


def _gap(paragraph: Paragraph, one: Toponym, other: Toponym) -> str:
    return paragraph.text[one.span.end - paragraph.start : other.span.start - paragraph.start]
