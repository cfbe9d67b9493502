"""What a story has told so far, from which a mention without date or place takes them: the event before, the dateline."""

import re
from typing import Any

from geodata.extract.linking import DEFINITE
from geodata.extract.merging import Found
from geodata.extract.story import Paragraph, Story
from geodata.extract.timing import bounded, dated, inherited
from geodata.extract.toponyms import SURE
from geodata.model import Toponym
from geodata.timespan import TimeSpan

DATE_REACH = 2
PLACE_REACH = 4
"""Sentences after which a date or place told of another event no longer carries over."""
_DATELINE = re.compile(
    r"^\W*(?P<place>[A-Z][\w .,'-]{2,40}?)(?:,\s*[A-Z][\w. ]+?)?(?:,?\s*\(?[A-Z][a-z]{2,8}\.?\s+\d{1,2}(?:,\s*\d{4})?\)?)?\s*(?:\([A-Za-z ./-]{2,30}\)\s*)?(?:--?|—|–)\s"
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
        self._sentence = 0

    def read(self, paragraph: Paragraph, sentence: Any, number: int) -> None:
        """Note the last sure place name before this sentence ends, for "the city" in the next."""
        self._sentence = number
        start, end = paragraph.start + sentence.start_char, paragraph.start + sentence.end_char
        self._pending = [t for t in self._story.toponyms if start <= t.span.start < end and t.confidence >= SURE]

    def complete(self, item: Found, sentence: str) -> None:
        """Give a mention what its own sentence did not."""
        self._date(item)
        self._place(item, sentence)
        if not item.heading:
            self._last = item
            if item.when is not None and (item.own_date or self._when is None):
                self._when = (item.sentence, item.paragraph, item.when)
            if item.toponym is not None and item.own_place:
                self._town = (item.sentence, item.toponym)

    def _date(self, item: Found) -> None:
        if item.own_date:
            return
        published = self._story.document.published
        before = self._when[2] if self._when else None
        shift = next((m for m in self._story.dates if item.when_span == m.span), None)
        dating = dated(shift, before, published) if shift else None
        own = dating is not None
        if (
            dating is None
            and self._when
            and self._when[1] == item.paragraph
            and item.sentence - self._when[0] <= DATE_REACH
        ):
            dating = inherited(before)
        if dating is None:
            dating = bounded(published)
        item.when, item.when_span, item.own_date = dating.when, dating.span, own
        item.notes = tuple(dict.fromkeys((*item.notes, *dating.notes)))

    def _place(self, item: Found, sentence: str) -> None:
        if item.own_place:
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


def _dateline(story: Story) -> Toponym | None:
    """The place of a dateline ("KHERSON, Ukraine (AP) — "), looked for in the first paragraphs."""
    for paragraph in story.paragraphs[:6]:
        match = _DATELINE.match(paragraph.text)
        if match:
            end = paragraph.start + match.end("place")
            for toponym in story.toponyms:
                if paragraph.start <= toponym.span.start < end:
                    return toponym
    return None
