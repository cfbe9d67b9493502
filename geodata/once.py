"""Parts that are made at first use, once, whoever asks; or anew where what they are made of has changed."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Once(Generic[T]):
    """`once()` is what `make` made; the first caller's thread makes it, and others who ask meanwhile wait for it.

    Each part has a lock of its own, so that a light part never waits for a heavy one. A `make` that raised is tried
    again by the next caller.
    """

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._lock = threading.RLock()
        self._made: list[T] = []

    def __call__(self) -> T:
        if not self._made:
            with self._lock:
                if not self._made:
                    self._made.append(self._make())
        return self._made[0]

    @property
    def made(self) -> bool:
        return bool(self._made)


class Renewed(Generic[T]):
    """`renewed()` is what `make` made, made anew where `stamp` tells another version since: of a file, for example.

    Who holds the former one keeps it, whole.
    """

    def __init__(self, stamp: Callable[[], object], make: Callable[[], T]) -> None:
        self._stamp = stamp
        self._make = make
        self._lock = threading.Lock()
        self._made: tuple[object, T] | None = None

    def __call__(self) -> T:
        stamp = self._stamp()
        made = self._made
        if made is None or made[0] != stamp:
            with self._lock:
                made = self._made
                if made is None or made[0] != stamp:
                    made = self._made = stamp, self._make()
        return made[1]
