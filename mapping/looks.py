"""The reasons to look at a draft in words: said on its card in the review of its story."""

from geodata.looks import COARSE, SURE, looks_of
from geodata.model import Event, Precision, Resolution

_SOUND = ("the exact place is not told", "is counted from")
"""Notes that explain a sound reading: an event near a place, a day counted from another."""


def needs_a_look(event: Event, resolution: Resolution | None = None) -> tuple[str, ...]:
    """What to check, the extraction's own notes first; empty where `looks_of` finds no reason to look.

    `resolution` says how its place was chosen, where that is known.
    """
    whys = looks_of(event)
    if not whys:
        return ()
    notes = [note for note in event.notes if not any(words in note for words in _SOUND)]
    told = {"place": _place_doubt(event, resolution), "date": _date_doubt(event), "confidence": _doubt(event)}
    return tuple(dict.fromkeys((*notes, *(told[why] for why in whys if told.get(why)))))


def _place_doubt(event: Event, resolution: Resolution | None) -> str:
    place = event.place
    if place is None:
        return "" if event.notes else "it has no place"
    if place.precision in COARSE:
        return f"its place is told no closer than {place.name}"
    if resolution is None or resolution.confidence >= SURE:
        return ""
    others = len([item for item in resolution.candidates if item.place.place_id != place.place_id])
    also = f"; {others} other place{'s have' if others > 1 else ' has'} that name" if others else ""
    rough = "the area" if place.precision is not Precision.EXACT else "the place"
    return f"{rough} is right with a chance of about {resolution.confidence:.0%}{also}"


def _date_doubt(event: Event) -> str:
    if event.when is None:
        return "" if event.notes else "it has no date"
    return f"its date is only known within {(event.when.end - event.when.start).days + 1:,} days"


def _doubt(event: Event) -> str:
    return f"low confidence: what was read is right with a chance of about {event.confidence:.0%}"
