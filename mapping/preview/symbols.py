"""The shapes of event types as polygons around 0,0 with a half-width of about 1: static/js/shapes.js for Pillow."""

import math
from collections.abc import Sequence

Point = tuple[float, float]


def regular(corners: int, radius: float, turn: float = 0.0) -> list[Point]:
    """A regular polygon whose first corner points up; `turn` in radians."""
    angles = [turn + k / corners * 2 * math.pi - math.pi / 2 for k in range(corners)]
    return [(radius * math.cos(angle), radius * math.sin(angle)) for angle in angles]


def _star() -> list[Point]:
    outer, inner = regular(5, 1.25), regular(5, 0.58, math.pi / 5)
    return [point for pair in zip(outer, inner, strict=True) for point in pair]


def _curve(points: Sequence[Point], steps: int = 8) -> list[Point]:
    """A cubic Bézier curve as points, without its first."""
    found = []
    for step in range(1, steps + 1):
        t = step / steps
        weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
        found.append(tuple(sum(w * p[axis] for w, p in zip(weights, points, strict=True)) for axis in (0, 1)))
    return found  # type: ignore[return-value]


def _drop() -> list[Point]:
    right = _curve(((0, -1.3), (0.5, -0.5), (0.95, -0.1), (0.95, 0.4)))
    below = [(0.95 * math.cos(k * math.pi / 12), 0.4 + 0.85 * math.sin(k * math.pi / 12)) for k in range(1, 13)]
    return [(0, -1.3), *right, *below, *((-x, y) for x, y in reversed(right[:-1]))]


_A, _B = 0.4, 1.08
_PLUS = [
    (-_A, -_B), (_A, -_B), (_A, -_A), (_B, -_A), (_B, _A), (_A, _A),
    (_A, _B), (-_A, _B), (-_A, _A), (-_B, _A), (-_B, -_A), (-_A, -_A),
]  # fmt: skip
POLYGONS: dict[str, list[Point]] = {
    "circle": regular(36, 1),
    "square": [(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)],
    "diamond": regular(4, 1.25),
    "triangle": [(0, -1.15), (1.14, 0.88), (-1.14, 0.88)],
    "triangle_down": [(0, 1.15), (1.14, -0.88), (-1.14, -0.88)],
    "plus": _PLUS,
    "cross": [((x - y) * math.sqrt(0.5), (x + y) * math.sqrt(0.5)) for x, y in _PLUS],
    "star": _star(),
    "pentagon": regular(5, 1.12),
    "hexagon": regular(6, 1.08, math.pi / 6),
    "chevron": [(-1, -0.9), (0, -0.2), (1, -0.9), (1, 0.25), (0, 0.95), (-1, 0.25)],
    "drop": _drop(),
}
