"""Events of Ukrainian and Russian stories: stems of the lexicon by sentence, places by the gazetteer, no parser."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from geodata.extract.dates import DateMention
from geodata.extract.inheriting import Memory
from geodata.extract.lexicon import StemPattern
from geodata.extract.merging import Found
from geodata.extract.spans import within
from geodata.extract.story import Paragraph, Story, sentences
from geodata.extract.timing import dated, unresolved_notes
from geodata.model import Fatalities, Span, Toponym

_IN = re.compile(
    r"(?<!\w)(?:у|в|во|на|біля|поблизу|під|возле|под|около|по)\s+(?:(?:місті|городе|селі|селе|районі|районе|передмісті|пригороде|центрі|центре)\s+)?$",
    re.IGNORECASE,
)
_FROM = re.compile(
    r"(?<!\w)(?:з|із|зі|из|от|від|до|к|через)\s+(?:(?:міста|города|аеродрому|аэродрома|боку|стороны)\s+)?$",
    re.IGNORECASE,
)
_UNREAL = re.compile(
    r"(?<!\w)(?:не\s+(?:було|было|сталося|произошло)|погрож\w+|угрож\w+|загроз\w+|угроз\w+|може\s+|може\w*\s+бути|может\s+|могут\s+|можуть\s+|планує\w*|планиру\w+|якщо|если|річниц\w+|годовщин\w+|заявив\s+про\s+намір|намерен\w*|буде\s+|будет\s+|будуть\s+|будут\s+)",
    re.IGNORECASE,
)
_FATAL = re.compile(
    r"(?P<q>щонайменше|не\s+менше|по\s+меньшей\s+мере|не\s+менее|как\s+минимум|до|близько|около)?\s*(?P<n>\d{1,5}|одн\w+|дво\w+|двух|двое|два|дві|две|тро\w+|трёх|трех|три|чотир\w+|четыр\w+|четвер\w+|п['’]ят\w+|пят\w+|шіст\w+|шест\w+|сем\w+|сім\w*|вос\w+|віс\w+|дев\w+)\s+(?:\w+\s+){0,3}?(?:загинул\w*|загибл\w*|вбит\w*|убит\w*|погибл\w*|погиб)",
    re.IGNORECASE,
)
_FATAL_AFTER = re.compile(
    r"(?:загинул\w*|погибл\w*|погиб|вбито|убито|вбили|убили)\s+(?P<q>щонайменше|не\s+менше|по\s+меньшей\s+мере|не\s+менее|как\s+минимум|до|близько|около)?\s*(?P<n>\d{1,5}|одн\w+|дво\w+|двух|двое|два|дві|две|тро\w+|трёх|трех|три|чотир\w+|четыр\w+|четвер\w+|п['’]ят\w+|пят\w+|шіст\w+|шест\w+|сем\w+|сім\w*|вос\w+|віс\w+|дев\w+)\b",
    re.IGNORECASE,
)
_NUMBERS = (
    ("одн", 1),
    ("дво", 2),
    ("два", 2),
    ("дві", 2),
    ("две", 2),
    ("двух", 2),
    ("тр", 3),
    ("чотир", 4),
    ("четыр", 4),
    ("четвер", 4),
    ("п", 5),
    ("ш", 6),
    ("сем", 7),
    ("сім", 7),
    ("вос", 8),
    ("віс", 8),
    ("де", 9),
)
_VAGUE = re.compile(r"^(?:вбив|вбит|убив|убил|убит|вибух|взрыв|атак)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SlavicEvents:
    """Finds mentions by stems, one of each sub-type a sentence; the pattern that says most leads."""

    patterns: Sequence[StemPattern]

    def find(self, story: Story) -> list[Found]:
        memory = Memory(story)
        found: list[Found] = []
        number = 0
        for index, paragraph in enumerate(story.paragraphs):
            for quote in () if paragraph.aside else sentences(paragraph):
                number += 1
                memory.read(quote, index, number)
                text = paragraph.text[quote.start - paragraph.start : quote.end - paragraph.start]
                for pattern, trigger in self._mentions(text):
                    item = _found(story, paragraph, index, number, quote, pattern, trigger)
                    memory.complete(item, text)
                    found.append(item)
                memory.end()
        return found

    def _mentions(self, text: str) -> list[tuple[StemPattern, Span]]:
        kept: list[tuple[StemPattern, Span]] = []
        for pattern in self.patterns:
            match = pattern.trigger.search(text)
            if (
                match is None
                or _UNREAL.search(_clause(text, match.start()))
                or not all(condition.search(text) for condition in pattern.conditions)
            ):
                continue
            span = Span(match.start(), match.end())
            weaker = pattern.terms == 1 and any(k.event_type == pattern.event_type or k.terms > 1 for k, _ in kept)
            if weaker or any(k.sub_type == pattern.sub_type or s.overlaps(span) for k, s in kept):
                continue
            kept.append((pattern, span))
        return sorted(kept, key=lambda pair: pair[1])


def _clause(text: str, at: int) -> str:
    """The piece between commas that holds an offset."""
    start = max(text.rfind(mark, 0, at) for mark in ",;—–:") + 1
    ends = [end for mark in ",;—–:" if (end := text.find(mark, at)) >= 0]
    return text[start : min(ends, default=len(text))]


def _found(
    story: Story, paragraph: Paragraph, index: int, number: int, quote: Span, pattern: StemPattern, trigger: Span
) -> Found:
    at = Span(quote.start + trigger.start, quote.start + trigger.end)
    date = _nearest_date(story.dates, quote, at)
    dating = dated(date, story.document.published)
    place = _nearest_place(story, paragraph, quote, at)
    word = at.of(story.text)
    item = Found(
        pattern.event_type,
        pattern.sub_type,
        quote,
        at,
        pattern.terms,
        _title(word, place),
        index,
        number,
        heading=paragraph.heading,
        vague=pattern.terms == 1 and bool(_VAGUE.match(word)),
        fatalities=_fatalities(quote.of(story.text)),
        notes=unresolved_notes(story.dates, quote),
    )
    item.undatable = bool(item.notes)
    if dating is not None:
        item.when, item.when_span, item.own_date, item.notes = dating.when, dating.span, True, dating.notes
    if place is not None:
        item.toponym, item.own_place = place, True
    return item


def _nearest_date(dates: Sequence[DateMention], quote: Span, trigger: Span) -> DateMention | None:
    here = [m for m in within(dates, quote) if m.when is not None]
    return min(here, key=lambda m: (m.weak, abs(m.span.start - trigger.start)), default=None)


def _nearest_place(story: Story, paragraph: Paragraph, quote: Span, trigger: Span) -> Toponym | None:
    """The place name closest to the trigger, one behind a locative preposition first."""

    def cost(toponym: Toponym) -> float:
        before = paragraph.text[: toponym.span.start - paragraph.start][-60:]
        local = -80 if _IN.search(before) else 80 if _FROM.search(before) else 0
        return abs(toponym.span.start - trigger.start) + local - 40 * toponym.confidence

    return min(within(story.toponyms, quote), key=cost, default=None)


def _title(word: str, place: Toponym | None) -> str:
    title = word[:1].upper() + word[1:]
    return f"{title}: {place.name}" if place else title


def _fatalities(text: str) -> Fatalities | None:
    match = _FATAL.search(text) or _FATAL_AFTER.search(text)
    if match is None:
        return None
    word = match["n"].lower()
    number = int(word) if word.isdigit() else next(n for stem, n in _NUMBERS if word.startswith(stem))
    said = (match["q"] or "").lower()
    if said.startswith(("щонайменше", "не", "по", "как")):
        return Fatalities(low=number)
    return Fatalities(high=number) if said == "до" else Fatalities(best=number)
