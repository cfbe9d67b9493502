"""Place names in a parsed text: spaCy's entities and the gazetteer's matches, weighed against each other.

The longest span wins. Small models take Kherson for a person and Ukrainian for a country; the gazetteer, the words
before and the part of speech decide. A demonym, a person's surname or a newspaper's name is no toponym.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from geodata.extract.spans import Taken
from geodata.extract.story import Paragraph, Story
from geodata.model import NameMatch, Span, Toponym

PLACE_LABELS = {"GPE", "LOC", "FAC"}
NEVER_LABELS = {
    "NORP",
    "DATE",
    "TIME",
    "MONEY",
    "PERCENT",
    "QUANTITY",
    "ORDINAL",
    "CARDINAL",
    "LANGUAGE",
    "EVENT",
    "LAW",
}
SURE = 0.6
"""Confidence from which an event may be placed here though nothing else supports the name."""
_LOCATIVE = re.compile(
    r"\b(?:in|at|near|outside|inside|around|of|from|to|into|towards?|across|over|on|for|between|by|via|through)\s+(?:the\s+|an?\s+)?"
    r"(?:(?:north|south|east|west|central|northern|southern|eastern|western|downtown|greater)[\w-]*\s+)*"
    r"(?:(?:city|town|village|district|province|region|capital|port|suburb)\s+(?:of\s+)?)?$",
    re.IGNORECASE,
)
_TITLE = re.compile(
    r"\b(?:mr|mrs|ms|dr|gen|general|col|colonel|maj|major|capt|captain|lt|sgt|president|minister|senator|sen|judge|king|"
    r"queen|prince|princess|pope|bishop|sheikh|spokesman|spokeswoman|spokesperson|ambassador|governor)\.?\s+(?:\w+\.?\s+)?$",
    re.IGNORECASE,
)
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
_FACILITY = re.compile(
    r"\b(?:bridge|airport|airfield|airbase|base|dam|plant|port|harbou?r|palace|square|hospital|university|stadium|station|market|church"
    r"|cathedral|mosque|prison|camp|refinery|depot|museum|crossing|strait|bay|front|garrison)s?$",
    re.IGNORECASE,
)
_DATELINE_AFTER = re.compile(r"^\s*(?:[(,]|--|—|–)")
_NAME_AFTER = re.compile(r"^\s+[A-Z][a-z]")
_KIND = r"(?:city|town|village|hamlet|settlement|district|province|region|neighbou?rhood|suburb|municipality|area|sector|camp|island|port|county|state)"  # noqa: E501
_WORD = r"[A-Z](?:[\w’-]|'(?!s\b))+"
_NAME = rf"(?P<name>{_WORD}(?:[ -](?:{_WORD}|al-\w+))*)"
_CALLED = re.compile(rf"\b{_KIND}s? of {_NAME}")
_BESIDE = re.compile(
    rf"\b(?:in|at|near|outside|from) (?:the )?(?:(?:north|south|east|west)[\w-]* )?(?:{_WORD}'s )?{_NAME}(?= {_KIND}\b)"
)
_DEMONYM = re.compile(r"(?:ian|ean|ese|ish|ch|nian|can|gan|ban|ani|iti|qi|eli|emeni)s?$", re.IGNORECASE)
_SUFFIX = re.compile(
    r"^\s+(?:[Rr]egion|[Oo]blast|[Pp]rovince|[Dd]istrict|[Rr]aion|[Gg]overnorate|[Ss]tate|[Cc]ounty|[Dd]epartment|[Pp]refecture"
    r"|[Ii]slands?|[Pp]eninsula|[Vv]alley|[Rr]iver|[Mm]ountains?)\b"
)


@dataclass(frozen=True, slots=True)
class _Found:
    """A span of a paragraph that may be a place name, the form to look up, and how sure each source is of it."""

    start: int
    end: int
    name: str
    confidence: float


def find_toponyms(story: Story) -> tuple[Toponym, ...]:
    """All place names of a parsed story, in text order; words of its dates ("May", "March") are none."""
    surnames = _surnames(story.paragraphs)
    made: list[Toponym] = []
    for paragraph in story.paragraphs:
        found = _from_matches(paragraph, surnames)
        if story.language == "en":  # the model's entities and the words around mean nothing in another language
            found += [*_from_words(paragraph, surnames), *_from_entities(paragraph, surnames)]
        found = _longest(found)
        made += _toponyms(paragraph, found, story.text)
    dates = Taken(mention.span for mention in story.dates)
    return tuple(toponym for toponym in made if not dates.overlaps(toponym.span))


def _surnames(paragraphs: Iterable[Paragraph]) -> set[str]:
    """Last words of people's names of two words or more, which stand for the person later on."""
    ents = [ent for p in paragraphs if p.doc is not None for ent in p.doc.ents if ent.label_ == "PERSON"]
    return {ent[-1].text for ent in ents if len(ent) > 1 and ent[-1].is_alpha}


def _from_entities(paragraph: Paragraph, surnames: set[str]) -> list[_Found]:
    found = []
    for ent in paragraph.doc.ents if paragraph.doc is not None else ():
        if ent.label_ not in PLACE_LABELS:
            continue
        start, end = _trimmed(paragraph.text, ent.start_char, ent.end_char)
        name = paragraph.text[start:end]
        inside = [m for m in paragraph.matches if start <= m.span.start and m.span.end <= end]
        whole = any(m.span.start == start and m.span.end == end for m in inside)
        if name in surnames and not _LOCATIVE.search(paragraph.text[:start][-60:]):
            continue
        if not whole and (_is_demonym(ent) or not any(c.isupper() for c in name) or len(name) < 2):
            continue
        if ent.label_ == "FAC" and not whole and (not inside or _FACILITY.search(name)):
            # "Kherson airport": the town is what can be looked up; a facility nobody knows is named but unsure.
            if not inside:
                found.append(_Found(start, end, name, 0.3))
            continue
        if not whole and inside and ent.label_ == "GPE" and re.search(r"[,;:]|\band\b", name):
            continue  # two names run together: the gazetteer has each
        found.append(_Found(start, end, name, 0.95 if whole else 0.5))
    return found


def _from_words(paragraph: Paragraph, surnames: set[str]) -> list[_Found]:
    """Names that neither model nor gazetteer knows, but that the words around call a place: "village of Al-Dalwa"."""
    found = []
    for pattern, confidence in ((_CALLED, 0.62), (_BESIDE, 0.6)):
        for match in pattern.finditer(paragraph.text):
            start, end = match.span("name")
            ents = (
                [e for e in paragraph.doc.ents if e.start_char < end and start < e.end_char]
                if paragraph.doc is not None
                else []
            )
            if any(e.label_ in NEVER_LABELS for e in ents) or match["name"] in surnames:
                continue
            found.append(_Found(start, end, match["name"], confidence))
    return found


def _is_demonym(ent: Any) -> bool:
    root = ent.root
    return len(ent) == 1 and (
        root.pos_ == "ADJ" or (bool(_DEMONYM.search(root.text)) and root.dep_ in ("amod", "compound"))
    )


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without a leading article, quotation marks and a trailing possessive."""
    if article := re.match(r"(?:the|The)\s+", text[start:end]):
        start += article.end()
    while start < end and not (text[start].isalnum()):
        start += 1
    if text[start:end].endswith(("'s", "'S")):
        end -= 2
    while end > start and not (text[end - 1].isalnum() or text[end - 1] in ".)"):
        end -= 1
    return start, end


def _from_matches(paragraph: Paragraph, surnames: set[str]) -> list[_Found]:
    found = []
    ents = paragraph.doc.ents if paragraph.doc is not None else ()  # spaCy makes them anew each time it is asked
    for match in paragraph.matches:
        weight = _match_confidence(paragraph, match, surnames, ents)
        if weight > 0:
            found.append(_Found(match.span.start, match.span.end, match.name, weight))
    return found


def _match_confidence(paragraph: Paragraph, match: NameMatch, surnames: set[str], ents: Sequence[Any]) -> float:
    """How sure a gazetteer name in these words means a place; 0: it does not."""
    text, doc = paragraph.text, paragraph.doc
    before = text[: match.span.start]
    written = match.span.of(text)
    if not before.strip() and _DATELINE_AFTER.match(text[match.span.end :]):
        return match.weight
    if not any(c.isupper() for c in written) or doc is None:
        return 0.0
    tokens = doc.char_span(match.span.start, match.span.end, alignment_mode="expand")
    if tokens is None:
        return 0.0
    locative = bool(_LOCATIVE.search(before[-60:]))
    if _TITLE.search(before[-40:]):
        return 0.0
    odd = len(tokens) == 1 and tokens[0].pos_ in ("VERB", "ADV", "AUX", "PRON", "DET", "ADP")
    if odd and not (match.weight >= 0.5 and (locative or not tokens[0].is_sent_start)):
        return 0.0
    if written in surnames and not locative:
        return 0.0
    ent = next((e for e in ents if e.start <= tokens.start < e.end), None)
    weight = match.weight
    if ent is not None:
        exact = ent.end - ent.start <= len(tokens) + (1 if ent[-1].text == "'s" or ent[0].lower_ == "the" else 0)
        if ent.label_ in NEVER_LABELS and not (exact and (locative or ent.label_ == "NORP") and weight >= 0.7):
            return 0.0
        if ent.label_ in ("PERSON", "ORG", "PRODUCT", "WORK_OF_ART") and not exact:
            # A longer name of a person or body holds these words; "troops in Kherson" run together does not.
            if locative and _FACILITY.search(ent.text):
                return 0.7
            return (
                weight * 0.7
                if locative and not _of_body(before, ent) and not _NAME_AFTER.match(text[match.span.end :])
                else 0.0
            )
        if ent.label_ in PLACE_LABELS:
            return min(1.0, weight * 0.4 + 0.6)
        if ent.label_ == "ORG" and weight < 0.5:
            return 0.0
    if len(tokens) == 1 and tokens[0].pos_ != "PROPN":
        if tokens[0].is_sent_start:
            return 0.0
        weight *= 0.5
    return min(1.0, weight + (0.25 if locative else 0.0)) if weight >= (0.1 if locative else 0.3) else 0.0


def _of_body(before: str, ent: Any) -> bool:
    """Whether the name stands behind "of" inside a longer name: the Bank of England."""
    return before.rstrip().endswith(("of", "of the")) or ent.label_ == "PERSON"


def _longest(found: list[_Found]) -> list[_Found]:
    """Without overlaps, in text order: the longer wins, then the surer; a sure short one beats an unsure long one."""
    ranked = sorted(found, key=lambda f: (f.confidence < 0.4, f.start - f.end, -f.confidence))
    taken = Taken()
    return sorted((item for item in ranked if taken.add(Span(item.start, item.end))), key=lambda f: f.start)


def _toponyms(paragraph: Paragraph, found: Sequence[_Found], whole: str) -> list[Toponym]:
    made = []
    for item in found:
        before, after = paragraph.text[: item.start], paragraph.text[item.end :]
        span = Span(paragraph.start + item.start, paragraph.start + item.end)
        near = bool(_NEAR_BEFORE.search(before[-80:]) or _NEAR_AFTER.match(after[:60]))
        made.append(Toponym(span, span.of(whole), item.name, round(item.confidence, 2), near))
        suffix = _SUFFIX.match(after)
        if suffix and not near and item.name == paragraph.text[item.start : item.end]:
            end = item.end + suffix.end()
            wide = Span(span.start, paragraph.start + end)
            made[-1] = replace(made[-1], span=wide, text=wide.of(whole), name=paragraph.text[item.start : end])
    return _with_context(paragraph, made)


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
            listed = gap.strip() == "," and (_LIST_AFTER.match(after) or _LIST_BEFORE.search(before[-60:]))
            owned = context and _OWNED_GAP.fullmatch(gap)  # "Gwoza, in Nigeria's Borno State"
            if not (owned or _CONTEXT_GAP.fullmatch(gap)) or listed:
                break
            context.append(following.name)
            last = following
        owner = made[i - 1] if i else None
        if owner and _OWNED_GAP.fullmatch(_gap(paragraph, owner, toponym)):
            context.append(owner.name)  # "Mogadishu's Yaqshid district"
        done.append(replace(toponym, context=tuple(dict.fromkeys(context))) if context else toponym)
    return done


def _gap(paragraph: Paragraph, one: Toponym, other: Toponym) -> str:
    return paragraph.text[one.span.end - paragraph.start : other.span.start - paragraph.start]
