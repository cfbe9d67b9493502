"""What the other names of a sentence say of one name as the place of an event."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from geodata.extract.spots import Spot, Words

_LIST = re.compile(r"'?s?,?\s+(?:and|or|as well as|&)\s+(?:the\s+|in\s+)?|,\s+(?:the\s+)?")
_LONGEST_GAP = 12

RIVALRY: tuple[str, ...] = (
    "share", "best_other", "best_overlapping", "share_before", "share_after", "best", "sum_others", "better",
    "gap_before",
)  # fmt: skip


def rivalry(spots: Sequence[Spot], shares: Sequence[float]) -> list[list[float]]:
    """One row of numbers a spot: how it does beside the other names for the event, by the first model's shares."""
    spans = [spot.toponym.span for spot in spots]
    rows = []
    for n, span in enumerate(spans):
        apart = [m for m, other in enumerate(spans) if not other.overlaps(span)]
        overlapping = [m for m, other in enumerate(spans) if m != n and other.overlaps(span)]
        before = max((m for m in apart if spans[m].end <= span.start), key=lambda m: spans[m].end, default=None)
        after = min((m for m in apart if spans[m].start >= span.end), key=lambda m: spans[m].start, default=None)
        rows.append(
            [
                shares[n],
                max((shares[m] for m in apart), default=0.0),
                max((shares[m] for m in overlapping), default=0.0),
                shares[before] if before is not None else 0.0,
                shares[after] if after is not None else 0.0,
                max(shares),
                sum(shares[m] for m in apart),
                sum(shares[m] > shares[n] for m in apart),
                min(span.start - spans[before].end, 99) if before is not None else 99,
            ]
        )
    return rows


@dataclass(frozen=True, slots=True)
class Beside:
    """The names that do not overlap one name, and whether it stands in a list with any; with one before it."""

    others: Sequence[int]
    in_list: bool
    list_before: bool


def beside(words: Words, spots: Sequence[Spot]) -> Iterator[Beside]:
    """Of each name what stands beside it."""
    bounds = [(words.at[spot.first], words.at[spot.last] + len(words.lower[spot.last])) for spot in spots]
    for n, (spot, (start, end)) in enumerate(zip(spots, bounds, strict=True)):
        span = spot.toponym.span
        others = [m for m, other in enumerate(spots) if m != n and not other.toponym.span.overlaps(span)]
        gaps = [bounds[m] for m in others]
        listed = any(e <= start < e + _LONGEST_GAP and _LIST.fullmatch(words.text, e, start) for _, e in gaps)
        follows = any(end <= s < end + _LONGEST_GAP and _LIST.fullmatch(words.text, end, s) for s, _ in gaps)
        yield Beside(others, listed or follows, listed)


def rival_numbers(
    beside: Beside,
    far: Sequence[int],
    n: int,
    placed: Sequence[bool],
    on_trigger: Sequence[bool],
    spots: Sequence[Spot],
) -> list[float]:
    """Whether another name of the sentence stands more like the place; `far`: words between each name and the event."""
    nearer = [m for m in beside.others if far[m] < far[n]]
    return [
        float(any(placed[m] for m in nearer)),
        sum(spots[m].known for m in nearer),
        float(beside.in_list),
        float(beside.list_before),
        float(any(placed[m] and on_trigger[m] for m in beside.others)),
    ]
