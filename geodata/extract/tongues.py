"""Place names in languages other than English: the gazetteer's names, kept where the words around allow.

No model has learnt these languages here, so the rules are few: a word that is also an everyday word or a person's name
(wordlists/*.txt, our own) is a place only behind "in", "near" or "the town of"; a capitalised neighbour makes a name a
person's; and what a sentence merely begins with must be well known. Endings, prefixes and elided articles that the
gazetteer does not know are taken off first, in place, so that offsets stay those of the text.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from geodata.contracts import NameMatcher
from geodata.extract.nlp import calm
from geodata.extract.placewords import read_classes
from geodata.extract.spans import Taken
from geodata.extract.story import Paragraph, Story
from geodata.model import NameMatch, Span, Toponym

LEAST = 0.3
"""Weight from which a name counts."""
LEAST_OPENING = 0.55
"""The same for one word that a sentence begins with: its capital says nothing."""
LEAST_UNCASED = 0.6
"""The same in a script without capitals, where no preposition stands before."""
SAFE = 0.9
"""Weight of countries and great cities, which are places even beside another capitalised word."""
_WORDLISTS = Path(__file__).with_name("wordlists")
_CASED_LANGUAGES = frozenset(["uk", "ru", "pl"])
"""Languages that put a place straight behind an office, in its case: "президент України", "мер Києва"."""
_NONE = re.compile(r"(?!)")
_LAST = re.compile(r"([^\W\d_](?:[\w'’.-]*\w)?\.?)\s+$")
_NEXT = re.compile(r"\s+([^\W\d_][\w'’-]*)")
_OPENS = re.compile(r"(?:^|[.!?…:»\n][\"'”»)]*\s+|[-–—]\s+)[\"'“«(¿¡]*$")
_CAPITALISED = re.compile(r"(?<![\w'’-])[^\W\d_][\w'’-]+")
_ELIDED = re.compile(r"(?<!\w)(?:[lLdD]|[dD]ell|[nN]ell|[aA]ll|[dD]all)['’](?=[^\W\d_])")
_APOSTROPHE_ENDING = re.compile(r"(?<=\w)['’][a-zçğıöşü]{1,7}(?!\w)")
_ARABIC_AND = re.compile(r"(?<!\w)[وف](?=\w{3})")
_ARABIC_PREFIX = re.compile(r"(?<!\w)[وف]?[بك](?=\w{3})")
_ARABIC_LIL = re.compile(r"(?<!\w)([وف]?)لل(?=\w{3})")


@dataclass(frozen=True)
class Tongue:
    """What a language says around place names. `endings` are (ending, what stands there in the nominative)."""

    stop: frozenset[str]
    given: frozenset[str]
    title: frozenset[str]
    located: re.Pattern[str]
    """Matches at the end of what stands before a name that something is in, near, from or of."""
    area: re.Pattern[str]
    """The same for "the town of"."""
    near: re.Pattern[str]
    endings: tuple[tuple[str, str], ...]


def find_by_gazetteer(story: Story, matcher: NameMatcher) -> tuple[Toponym, ...]:
    """The place names of a story in any language, in text order; words of its dates are none."""
    tongue = tongue_of(story.language)
    dates = Taken(mention.span for mention in story.dates)
    made: list[Toponym] = []
    for paragraph in story.paragraphs:
        paragraph.text = calm(paragraph.text, matcher)
        matches = _matches(paragraph.text, story.language, tongue, matcher)
        paragraph.matches = tuple(matches)
        for match in matches:
            span = Span(paragraph.start + match.span.start, paragraph.start + match.span.end)
            sure = _confidence(paragraph, match, tongue, story.language)
            if sure >= LEAST and not dates.overlaps(span):
                near = bool(tongue.near.search(paragraph.text[: match.span.start][-60:].lower()))
                made.append(Toponym(span, span.of(story.text), match.name, round(sure, 2), near))
    return tuple(made)


@lru_cache(maxsize=64)
def tongue_of(language: str) -> Tongue:
    """The word lists of a language; empty ones where there are none."""
    path = _WORDLISTS / f"{language}.txt"
    lists: Mapping[str, frozenset[str]] = read_classes(path) if path.is_file() else {}
    area = lists.get("area", frozenset())
    none: frozenset[str] = frozenset()
    return Tongue(
        stop=frozenset(word.replace("_", " ") for word in lists.get("stop", none)),
        given=lists.get("given", none),
        title=lists.get("title", none),
        located=_ending(lists.get("located", none), area),
        area=_ending(area, none),
        near=_ending(lists.get("near", none), area),
        endings=tuple(
            (ending, left) for ending, _, left in (item.partition("=") for item in sorted(lists.get("endings", none)))
        ),
    )


def _ending(phrases: frozenset[str], between: frozenset[str]) -> re.Pattern[str]:
    """Text that ends with one of the phrases, an article and an area word after it allowed."""
    if not phrases:
        return _NONE

    def either(words: frozenset[str]) -> str:
        longest_first = sorted(words, key=lambda word: (-len(word), word))
        return "|".join(re.escape(word).replace("_", r"\s+") for word in longest_first)

    article = r"(?:(?:el|la|los|las|le|les|l'|der|die|das|den|dem|o|os|as|il|lo|the)\s+)?"
    inner = rf"(?:(?:{either(between)})\s+)?" if between else ""
    return re.compile(rf"(?<!\w)(?:{either(phrases)})\s+{article}{inner}$")


def _matches(text: str, language: str, tongue: Tongue, matcher: NameMatcher) -> list[NameMatch]:
    """The gazetteer's names in the text as written, and in it with prefixes and endings taken off; none overlap."""
    taken = Taken()
    found = [match for match in matcher.matches(text) if taken.add(match.span)]
    for bare in _bared(text, language):
        if bare != text:
            found += [match for match in matcher.matches(bare) if taken.add(match.span)]
    if tongue.endings:
        found += [match for match in _inflected(text, tongue, matcher, taken) if taken.add(match.span)]
    return sorted(found, key=lambda match: match.span)


def _bared(text: str, language: str) -> Iterator[str]:
    """The text, of the same length, without what a language writes on to a name: l'Ukraine, Ankara'da, بدمشق."""
    if language in ("fr", "it"):
        yield _ELIDED.sub(_blank, text)
    elif language == "tr":
        yield _APOSTROPHE_ENDING.sub(_blank, text)
    elif language == "ar":  # "and" alone first: the next letter may be the name's own
        yield _ARABIC_AND.sub(_blank, text)
        yield _ARABIC_PREFIX.sub(_blank, _ARABIC_LIL.sub(lambda match: " " * len(match[1]) + "ال", text))


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _inflected(text: str, tongue: Tongue, matcher: NameMatcher, taken: Taken) -> Iterator[NameMatch]:
    """Capitalised words that the gazetteer knows in another case."""
    for word in _CAPITALISED.finditer(text):
        written, span = word[0], Span(word.start(), word.end())
        if not written[0].isupper() or written.lower() in tongue.stop or taken.overlaps(span):
            continue
        best: NameMatch | None = None
        for ending, left in tongue.endings:
            if not written.endswith(ending) or len(written) - len(ending) < 3:
                continue
            form = written[: len(written) - len(ending)] + left
            for match in matcher.matches(form):
                if match.span == Span(0, len(form)) and (best is None or match.weight > best.weight):
                    best = match
        if best is not None:
            yield NameMatch(span, best.name, best.weight * 0.95)


def _confidence(paragraph: Paragraph, match: NameMatch, tongue: Tongue, language: str) -> float:
    """How sure a gazetteer's name is a place here; 0: it is none."""
    text = paragraph.text
    before, written = text[: match.span.start][-60:], match.span.of(text)
    bared = language == "ar" and before[-1:].isalpha()
    if language == "tr":  # Ankara'da: what carries a case of place is no subject
        bared = bool(_APOSTROPHE_ENDING.match(text, match.span.end))
    beside = (before[:-1] if before[-1:].isalpha() else before).lower().replace("’", "'")
    called = bool(tongue.area.search(beside))
    located = bared or called or bool(tongue.located.search(beside))
    everyday = written.lower() in tongue.stop
    cased = written[:1].lower() != written[:1].upper()
    if everyday and not (called or (located and cased)):
        return 0.0
    if not cased:
        return _uncased(before, match, tongue, language, located=located)
    if not written[:1].isupper() and not any(c.isupper() for c in written):
        return 0.0
    if _of_person(text, match, tongue, language, located=located):
        return 0.0
    if not located and " " not in written and _OPENS.search(before) and match.weight < LEAST_OPENING:
        return 0.0
    return min(1.0, match.weight + (0.25 if located else 0.0))


def _uncased(before: str, match: NameMatch, tongue: Tongue, language: str, *, located: bool) -> float:
    last = _LAST.search(before)
    if last and last[1] in (tongue.given | tongue.title) and not located:
        return 0.0
    least = 0.0 if located else LEAST_UNCASED if language == "ar" else LEAST
    return min(1.0, match.weight + (0.25 if located else 0.0)) if match.weight >= least else 0.0


def _of_person(text: str, match: NameMatch, tongue: Tongue, language: str, *, located: bool) -> bool:
    """Whether the name is part of a person's, a club's or a longer name that the gazetteer does not have."""
    written = match.span.of(text)
    before = text[: match.span.start]
    last, following = _LAST.search(before), _NEXT.match(text, match.span.end)
    word = last[1].lower() if last else ""
    if word in tongue.given:
        return True
    if word in tongue.title and not located and language not in _CASED_LANGUAGES:
        return True
    if written.lower() in tongue.given and following is not None and following[1][0].isupper() and not located:
        return True
    if located or language == "de" or match.weight >= SAFE:  # German nouns all stand in capitals
        return False
    if last and last[1][0].isupper() and " " not in written and not _OPENS.search(before[: last.start()]):
        return True
    # "глава Кривого Рога Олександр Вілкул": a given name behind begins another name
    return following is not None and following[1][0].isupper() and following[1].lower() not in tongue.given


def known_languages() -> Sequence[str]:
    """The languages that have word lists."""
    return sorted(path.stem for path in _WORDLISTS.glob("*.txt"))
