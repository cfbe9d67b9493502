"""What was worked out lately, kept as long as the store does not change and there is room."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

V = TypeVar("V")


class Recent(Generic[V]):
    """Values by key for one version, the least lately used dropped first. Safe to share between threads.

    `room` bounds the sum of `size_of` over all values; a value that is larger than all the room is not kept.
    """

    def __init__(self, room: int, size_of: Callable[[V], int] = lambda _: 1) -> None:
        self._room = room
        self._size_of = size_of
        self._lock = Lock()
        self._version = ""
        self._used = 0
        self._held: OrderedDict[Hashable, V] = OrderedDict()

    def get(self, version: str, key: Hashable) -> V | None:
        """The value of this key and version, or None."""
        with self._lock:
            if version != self._version or key not in self._held:
                return None
            self._held.move_to_end(key)
            return self._held[key]

    def put(self, version: str, key: Hashable, value: V) -> V:
        """Keep it, and drop all that is of another version; `value` itself."""
        with self._lock:
            if version != self._version:
                self._held.clear()
                self._version, self._used = version, 0
            if key in self._held:
                self._used -= self._size_of(self._held.pop(key))
            self._held[key] = value
            self._used += self._size_of(value)
            while self._used > self._room:
                self._used -= self._size_of(self._held.popitem(last=False)[1])
        return value

    def made(self, version: str, key: Hashable, make: Callable[[], V]) -> V:
        """The value that is held, or the one that `make` gives; two threads may make the same at once."""
        held = self.get(version, key)
        return held if held is not None else self.put(version, key, make())

    def __len__(self) -> int:
        return len(self._held)
