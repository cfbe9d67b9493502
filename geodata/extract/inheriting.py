"""What a story has told so far, from which a mention without date or place takes them."""

import re
from dataclasses import replace

from geodata.extract.merging import Found
from geodata.extract.spans import within
from geodata.extract.story import Story
from geodata.extract.timing import Dating, bounded, inherited
from geodata.model import Span, Toponym
from geodata.timespan import TimeSpan

DATE_REACH = 2
PLACE_REACH = 4
"""Sentences after which a date or place told of another event no longer carries over."""
DEFINITE = re.compile(
    r"\b(?:the|this|that|its|their)\s+(?:\w+\s+)?(?:city|town|village|port|museum|airport|base|area|district|region|province|capital|island|market|hospital|school)\b|\b(?:there|here)\b",
    re.IGNORECASE,
)
FROM_STORY = "no place in the sentence: taken from what the story told before"
FROM_DATELINE = "no place in the sentence: taken from the story's first place"


class Memory:
    """The last event, date and town of a story, as reading goes on."""

    def __init__(self, story: Story) -> None:
        self._story = story
        self._town: tuple[int, Toponym] | None = None
        self._last: Found | None = None
        self._when: tuple[int, int, TimeSpan] | None = None
        self._dateline = _dateline(story)
        self._sentence = self._paragraph = 0
        self._named: TimeSpan | None = None

    def read(self, span: Span, paragraph: int, number: int) -> None:
        """Begin a sentence: what the one before it named is now behind us."""
        self._sentence, self._paragraph = number, paragraph
        here = [m for m in within(self._story.dates, span) if m.when is not None and not m.weak]
        self._named = here[-1].when if here else None

    def complete(self, item: Found, sentence: str) -> None:
        """Give a mention what its own sentence did not."""
        self._date(item)
        self._place(item, sentence)
        if not item.heading:
            self._last = item
            if item.own_date and item.when is not None:
                self._when = (item.sentence, item.paragraph, item.when)
            if item.toponym is not None and item.own_place and not item.unlisted:
                self._town = (item.sentence, item.toponym)

    def end(self) -> None:
        """End a sentence: a date that no event of it took still dates the next ("On 10 May rain fell. Floods ...")."""
        told = self._last is not None and self._last.sentence == self._sentence
        if self._named is not None and not told:
            self._when = (self._sentence, self._paragraph, self._named)

    def _date(self, item: Found) -> None:
        if item.own_date:
            return
        before = self._when
        dating = Dating(None) if item.undatable else None
        if dating is None and before and before[1] == item.paragraph and item.sentence - before[0] <= DATE_REACH:
            dating = inherited(before[2])
        if dating is None:
            dating = bounded(self._story.document.published)
        item.when, item.when_span = dating.when, dating.span
        item.notes = tuple(dict.fromkeys((*item.notes, *dating.notes)))

    def _place(self, item: Found, sentence: str) -> None:
        if item.own_place:
            self._put_around(item)
            return
        last = self._last
        reach = PLACE_REACH * (3 if DEFINITE.search(sentence) or item.definite else 1)
        if last is not None and last.toponym is not None and item.sentence - last.sentence <= reach:
            item.toponym, note = last.toponym, FROM_STORY
        elif self._town is not None and item.sentence - self._town[0] <= reach:
            item.toponym, note = self._town[1], FROM_STORY
        elif self._dateline is not None:
            item.toponym, note = self._dateline, FROM_DATELINE
        else:
            return
        item.notes = (*item.notes, note)

    def _put_around(self, item: Found) -> None:
        """A name that no gazetteer has, such as a street's, lies in the town told of before, if nothing else is."""
        own = item.toponym
        if own is None or not item.unlisted or own.context:
            return
        if self._town is not None and self._town[0] == item.sentence:
            return  # the two stand side by side in one list, or are two events' places
        town = (
            self._town[1] if self._town is not None and item.sentence - self._town[0] <= PLACE_REACH else self._dateline
        )
        if town is not None and town.name != own.name:
            item.toponym = replace(own, context=(town.name, *town.context))
            item.notes = (*item.notes, f"{own.name} is put in or near {town.name}, named before it")


def _dateline(story: Story) -> Toponym | None:
    """The first place of the story's dateline."""
    line = story.dateline
    return next((t for t in story.toponyms if line is not None and line.covers(t.span)), None)
