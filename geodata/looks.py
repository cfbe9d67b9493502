"""Why a draft should be looked at by a person: one answer for the lists, the indexes and the review of a story."""

from geodata.model import Event, Precision, Status

LOOKS = ("place", "date", "year", "confidence")
"""Its place is unsure, missing or hardly told; its date is wide or missing; its year contradicts the publication date;
the extraction itself doubts it."""
SURE = 0.75
"""A place that is less likely than this is wrong once in four times or more: too often to be taken on trust."""
LOW_CONFIDENCE = 0.5
"""Below it a draft is more likely wrong than right, by the extraction's own calibrated word."""
WIDE_DAYS = 31
"""A date within more days than any month has places an event in no news cycle."""
COARSE = (Precision.REGION, Precision.COUNTRY)
RIVAL = "could also be"
"""In the note of a place that the pipeline is not sure of."""
YEARS = ("before publication (", "after publication (")
"""In the notes of a date that lies a year or more before the story was published, or after it."""


def looks_of(event: Event) -> tuple[str, ...]:
    """The reasons, of `LOOKS`, to look at a draft; none for what a person has decided."""
    if event.status is not Status.DRAFT:
        return ()
    place, when = event.place, event.when
    holds = {
        "place": place is None or place.precision in COARSE or _noted(event, RIVAL),
        "date": when is None or (when.end - when.start).days >= WIDE_DAYS,
        "year": any(_noted(event, words) for words in YEARS),
        "confidence": event.confidence < LOW_CONFIDENCE,
    }
    return tuple(name for name in LOOKS if holds[name])


def _noted(event: Event, words: str) -> bool:
    return any(words in note for note in event.notes)
