"""Stories that look back: where all dates are old, an undated event is not of the week before publication either."""

from collections.abc import Sequence
from datetime import date

from geodata.extract.merging import Found
from geodata.extract.timing import BOUNDED
from geodata.timespan import DatePrecision, TimeSpan

NEWS_REACH_DAYS = 31
"""A story with a date of the month before publication reports news; its undated events are news too."""


def look_back(told: Sequence[Found], published: date | None) -> None:
    """Widen the undated events told after a dated one, where the story's latest date is over a month old.

    Such an event lies between the earliest day that the story names and publication: that much the text says, no more.
    """
    dated = [item for item in told if item.own_date and item.when is not None]
    if published is None or not dated:
        return
    spans = [item.when for item in dated if item.when is not None]
    first, last = min(span.start for span in spans), max(span.end for span in spans)
    if (published - last).days <= NEWS_REACH_DAYS:
        return
    begun = min(item.quote.start for item in dated)
    for item in told:
        if BOUNDED in item.notes and item.quote.start > begun:
            item.when = TimeSpan(first, published, DatePrecision.YEAR)
            note = f"no date in the text; the story looks back to {first}: any day from then to publication"
            item.notes = tuple(note if said == BOUNDED else said for said in item.notes)
