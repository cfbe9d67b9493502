"""Mentions of one event inside a story become one draft: same kind, same place, a date that can be the same."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from geodata.extract.dates import compatible, finer
from geodata.extract.fatalities import together
from geodata.model import Fatalities, Span, Toponym
from geodata.timespan import TimeSpan

KIN = (
    frozenset(
        {
            "Attack",
            "Remote explosive/landmine/IED",
            "Suicide bomb",
            "Grenade",
            "Air/drone strike",
            "Shelling/artillery/missile attack",
            "Armed clash",
            "Chemical weapon",
            "Organised crime",
            "Mob violence",
            "Violent demonstration",
            "Excessive force against protesters",
        }
    ),
    frozenset(
        {"Peaceful protest", "Protest with intervention", "Excessive force against protesters", "Violent demonstration"}
    ),
    frozenset({"Natural disaster", "Man-made disaster"}),
    frozenset({"Government regains territory", "Non-state actor overtakes territory", "Armed clash"}),
    frozenset({"Remote explosive/landmine/IED", "Man-made disaster"}),
    frozenset({"Organised crime", "Abduction/forced disappearance"}),
    frozenset({"Agreement", "Diplomatic event"}),
)
"""Sub-types whose words are often used of one and the same event, when one mention says less than the other."""
REACH = 12
"""Sentences after which "the attack" no longer means an event told before."""


@dataclass(slots=True)
class Found:
    """A mention on its way to a draft. `vague`: its word fits many kinds ("attack"); `definite`: "the attack".

    `share`: how often a kind as sure as this is right; None where the lexicon alone chose it.
    `undatable`: its sentence has date words that come to no day, so that no other day may stand in for them.
    """

    event_type: str
    sub_type: str
    quote: Span
    trigger: Span
    terms: float
    title: str
    paragraph: int
    sentence: int
    when: TimeSpan | None = None
    when_span: Span | None = None
    own_date: bool = False
    toponym: Toponym | None = None
    own_place: bool = False
    heading: bool = False
    vague: bool = False
    definite: bool = False
    passing: bool = False
    undatable: bool = False
    clause: int = -1
    actors: tuple[str, ...] = ()
    fatalities: Fatalities | None = None
    notes: tuple[str, ...] = ()
    share: float | None = None
    claim: str | None = None
    """Who claims it, where the text does not tell it as its own."""
    mentions: int = 1
    spans: list[Span] = field(default_factory=list)
    unlisted: bool = False
    """Whether its place is a name that no gazetteer has."""
    stated: bool = False
    """Whether its words do no more than say where or when ("the attack took place in A"): then that is the place."""
    part: Span | None = None
    """The part of the quote that tells of this event alone, where the sentence tells of others too."""


def merge(found: Sequence[Found]) -> list[Found]:
    """One item an event, in the order of the text; headlines only repeat the story, unless they are all of it."""
    body = [item for item in found if not item.heading]
    told = _Told()
    for item in body or found:
        number = next((n for n in told.candidates(item) if same_event(told.kept[n], item)), None)
        if number is None:
            told.kept.append(item)
            number = len(told.kept) - 1
        else:
            absorb(told.kept[number], item)
        told.note(number)
    return told.kept


class _Told:
    """What a story has told, and which of it a further mention may be of: the last few sentences, or the same place."""

    def __init__(self) -> None:
        self.kept: list[Found] = []
        self._of: dict[tuple[str, str], set[int]] = defaultdict(set)

    def note(self, number: int) -> None:
        """Find this one again by its kind and by every name that its place is told with."""
        item = self.kept[number]
        for name in _names(item):
            self._of[item.sub_type, name].add(number)

    def candidates(self, item: Found) -> Iterator[int]:
        """Numbers in `kept`, the last told first; what stands further back than REACH must agree on kind and place."""
        number = len(self.kept) - 1
        while number >= 0 and item.sentence - self.kept[number].sentence <= REACH:
            yield number
            number -= 1
        far = {n for name in _names(item) for n in self._of[item.sub_type, name] if n <= number}
        yield from sorted(far, reverse=True)


def _names(item: Found) -> set[str]:
    """In small letters, the name of the place that its own sentence gives, and of the areas told with it."""
    place = item.toponym if item.own_place else None
    return {name.casefold() for name in (place.name, *place.context)} if place is not None else set()


def same_event(one: Found, other: Found) -> bool:
    """Whether two mentions, `one` told first, are of one event."""
    if not _kinds_agree(one, other):
        return False
    again = other.definite and not other.own_date and 0 < other.sentence - one.sentence <= 3
    if one.own_place and other.own_place and not again and not same_place(one.toponym, other.toponym):
        return False
    if one.own_date and other.own_date and not compatible(one.when, other.when):
        return False
    close = other.sentence - one.sentence
    if other.definite or close == 0:
        return close <= REACH
    if one.sub_type == other.sub_type:
        told_again = (other.own_place and one.own_place) or close <= 3
        return told_again and (not other.own_date or compatible(one.when, other.when))
    return close <= 1 and (other.vague or one.vague)


def _kinds_agree(one: Found, other: Found) -> bool:
    if one.sub_type == other.sub_type:
        return True
    kin = any({one.sub_type, other.sub_type} <= group for group in KIN)
    return kin and (one.vague or other.vague)


def same_place(one: Toponym | None, other: Toponym | None) -> bool:
    if one is None or other is None:
        return one is other
    a, b = one.name.casefold(), other.name.casefold()
    return a == b or a in (c.casefold() for c in other.context) or b in (c.casefold() for c in one.context)


def _inside(one: Toponym | None, other: Toponym | None) -> bool:
    """Whether the text tells of the first place as lying in the second, or there is no second."""
    if one is None or other is None:
        return other is None
    return one.name.casefold() != other.name.casefold() and other.name.casefold() in (c.casefold() for c in one.context)


def absorb(kept: Found, item: Found) -> None:
    """Take from a second mention what the first lacks, and the closer kind where the first was vague."""
    if kept.part and item.part and kept.quote == item.quote:
        kept.part = Span(min(kept.part.start, item.part.start), max(kept.part.end, item.part.end))
    if kept.vague and not item.vague:
        kept.event_type, kept.sub_type, kept.vague, kept.title = item.event_type, item.sub_type, False, item.title
        if kept.quote == item.quote:
            kept.trigger = item.trigger
    if item.own_date and item.when is not None and (not kept.own_date or kept.when is None):
        kept.when, kept.when_span, kept.own_date = item.when, item.when_span, True
        kept.notes = item.notes
    elif item.own_date and kept.when is not None and item.when is not None and kept.own_date:
        closer = finer(kept.when, item.when)
        if closer is item.when:
            kept.when, kept.when_span, kept.notes = (
                item.when,
                item.when_span,
                tuple(dict.fromkeys((*kept.notes, *item.notes))),
            )
    if item.own_place and (not kept.own_place or item.stated or _inside(item.toponym, kept.toponym)):
        kept.toponym, kept.own_place = item.toponym, True
    kept.fatalities = together(kept.fatalities, item.fatalities)
    kept.claim = kept.claim if item.claim else None
    kept.actors = tuple(dict.fromkeys((*kept.actors, *item.actors))) if len(kept.actors) < 2 else kept.actors
    kept.mentions += item.mentions
