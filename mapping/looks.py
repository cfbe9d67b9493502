"""Which drafts a person should look at before all others, and why: said on the event's card."""

from geodata.model import Event, Precision, Resolution, Status

SURE = 0.75
"""A place that is less likely than this is wrong once in four times or more: too often to be taken on trust."""
_SOUND = ("the exact place is not told", "is counted from")
"""Notes that explain a sound reading: an event near a place, a day counted from another."""


def needs_a_look(event: Event, resolution: Resolution | None = None) -> tuple[str, ...]:
    """The reasons for doubt, in words; empty for a clean draft and for what a person has decided already.

    `resolution` says how its place was chosen, where that is known.
    """
    if event.status is not Status.DRAFT:
        return ()
    notes = [note for note in event.notes if not any(words in note for words in _SOUND)]
    return tuple(dict.fromkeys((*notes, *_place_doubts(event, resolution))))


def _place_doubts(event: Event, resolution: Resolution | None) -> list[str]:
    place = event.place
    if resolution is None or place is None or resolution.confidence >= SURE:
        return []
    others = len([item for item in resolution.candidates if item.place.place_id != place.place_id])
    also = f"; {others} other place{'s have' if others > 1 else ' has'} that name" if others else ""
    rough = "the area" if place.precision is not Precision.EXACT else "the place"
    return [f"{rough} is right with a chance of about {resolution.confidence:.0%}{also}"]
