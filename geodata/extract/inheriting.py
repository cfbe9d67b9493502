"""What a story has told so far, from which a mention without date or place takes them."""

import re
from dataclasses import replace

from geodata.extract.merging import Found
from geodata.extract.rolewords import ROLES
from geodata.extract.spans import within
from geodata.extract.story import Paragraph, Story
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
_HEAD = re.compile(
    r"\W{0,3}(?P<place>[A-ZÀ-ÞА-ЯІЇЄҐ][\w'.-]*"
    r"(?:(?:[ /]|, )[A-ZÀ-ÞА-ЯІЇЄҐ][\w'.-]*|[ -](?:of|de|del|la|el|al|i|na|upon|on)\b){0,5})"
    r"(?:\s*\([^()]{2,40}\))?\s*(?::|--|—|–|(?<=\s)-)\s+(?=\S+\s+\S+)"
)
"""What an item of a round-up opens with."""
FROM_STORY = "no place in the sentence: taken from what the story told before"
FROM_HEAD = "no place in the sentence: taken from the place that its paragraph opens with"
FROM_NOTE = "the words do not say that it was there: it is the only place that the note names"
_LABEL = re.compile(r"[^:.!?;]{0,40}:\s+\S+\s+\S")
"""What goes on behind a place that is set before a note by a colon."""
SHORT_WORDS = 12
"""Of a note that tells of one thing, in few words."""
FROM_DATELINE = "no place in the sentence: taken from the story's first place"


class Memory:
    """The last event, date and town of a story, as reading goes on."""

    def __init__(self, story: Story) -> None:
        self._story = story
        self._town: tuple[int, Toponym] | None = None
        self._last: Found | None = None
        self._when: tuple[int, int, TimeSpan] | None = None
        self._dateline = _dateline(story)
        self._heads = _heads(story)
        self._head: Toponym | None = None
        self._only = _only(story)
        self._sentence = self._paragraph = 0
        self._named: TimeSpan | None = None

    def read(self, span: Span, paragraph: int, number: int) -> None:
        """Begin a sentence: what the one before it named is now behind us; so are all places, where an item begins."""
        if paragraph != self._paragraph and paragraph in self._heads:
            self._head, self._last, self._town = self._heads[paragraph], None, None
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
        elif self._head is not None:
            item.toponym, note = self._head, FROM_HEAD
        elif self._dateline is not None:
            item.toponym, note = self._dateline, FROM_DATELINE
        elif self._only is not None:
            item.toponym, note = self._only, FROM_NOTE
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


def _heads(story: Story) -> dict[int, Toponym]:
    """By paragraph, the place that opens an item of a round-up ("GUATEMALA CITY — Police ...", "Mali/Gao: ...")."""
    found = {}
    for number, paragraph in enumerate(story.paragraphs):
        match = _HEAD.match(paragraph.text)
        if match is None or paragraph.row:
            continue
        here = within(story.toponyms, Span(paragraph.start, paragraph.start + match.end("place")))
        if here:
            found[number] = here[-1] if "/" in match["place"] else here[0]
    return found


def _only(story: Story) -> Toponym | None:
    """The one place of a note of a few words, if it stands in what is set before the rest by a colon ("Mayor of
    Nikopol: 3 killed in shelling") or is what it was done to ("Kupiansk shelled again"): elsewhere it says as often
    who did it ("Iran's guards capture three")."""
    is_short = len(story.text) < 20 * SHORT_WORDS and len(story.text.split()) <= SHORT_WORDS
    if not is_short or len(story.toponyms) != 1:
        return None
    only = story.toponyms[0]
    return only if _LABEL.match(story.text, only.span.end) or _undergoes(story.paragraphs[0], only.span) else None


def _undergoes(paragraph: Paragraph, name: Span) -> bool:
    """Whether the text opens with a name and what befell it: "A fell to the rebels", or, in a headline, a past form of
    a verb that has no object behind it."""
    if paragraph.parsed is None or name.start != paragraph.start:
        return False
    words = paragraph.parsed.around(0, name.end - name.start)
    following = paragraph.parsed.words[words.end : words.end + 1] if words is not None else []
    return any(
        word.lemma_ in ROLES["undergoing"]
        or (
            paragraph.heading
            and word.tag_ in ("VBN", "VBD")
            and not any(child.dep_ == "dobj" for child in word.children)
        )
        for word in following
    )


def _dateline(story: Story) -> Toponym | None:
    """The first place of the story's dateline."""
    line = story.dateline
    return next((t for t in story.toponyms if line is not None and line.covers(t.span)), None)
