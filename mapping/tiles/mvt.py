"""Mapbox Vector Tiles (version 2.1) of points, written a column at a time: a feature is a row of numbers, and all
numbers of a tile become bytes in one go.

In protocol buffers a point with its tags is nothing but variable-length integers: tags of fields, lengths, values.
"""

import struct
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from geodata.answers import TILE_EXTENT

Column = npt.NDArray[np.uint64]
_MOST_BYTES = 10
"""Of a 64-bit number: 7 bits a byte."""
_POINT, _MOVE_TO_ONE = 1, 9
_FEATURE, _ID, _TAGS, _TYPE, _GEOMETRY = 0x12, 0x08, 0x12, 0x18, 0x22  # field number * 8 + wire type
_TEXT, _DOUBLE, _UNSIGNED = 0x0A, 0x19, 0x28


class Layer:
    """One layer of a tile; features are added in sets that have the same properties."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._keys: dict[str, int] = {}
        self._values: dict[str | int | float, int] = {}
        self._features: list[bytes] = []

    def add(self, x: Any, y: Any, ids: Any, properties: Mapping[str, tuple[Sequence[str | int | float], Any]]) -> None:
        """Points in units of the tile. A property is its values and, for each feature, the number of its value.

        `ids` are whole numbers from 0 on; None: the features have none.
        """
        size = len(x)
        if not size:
            return
        tags: list[Any] = []
        for name, (values, code) in properties.items():
            key = self._keys.setdefault(name, len(self._keys))
            number = np.array([self._values.setdefault(each, len(self._values)) for each in values], np.uint64)
            tags += [np.full(size, key), number[code]]
        head = [] if ids is None else [np.full(size, _ID), ids]
        geometry = [np.full(size, _MOVE_TO_ONE), _zigzag(x), _zigzag(y)]
        parts = [
            *_column(head),
            *_with_length(_TAGS, _column(tags)),
            *_column([np.full(size, _TYPE), np.full(size, _POINT)]),
            *_with_length(_GEOMETRY, _column(geometry)),
        ]
        self._features.append(_bytes(_with_length(_FEATURE, parts)))

    def __bytes__(self) -> bytes:
        """The layer as a tile of its own; layers may be put one behind the other."""
        if not self._features:
            return b""
        parts = [b"\x78\x02", _delimited(0x0A, self._name.encode()), *self._features]
        parts += [_delimited(0x1A, key.encode()) for key in self._keys]
        parts += [_delimited(0x22, _value(value)) for value in self._values]
        parts.append(b"\x28" + _varint(TILE_EXTENT))
        return _delimited(0x1A, b"".join(parts))


def _column(columns: Sequence[Any]) -> list[Column]:
    return [np.asarray(column).astype(np.uint64) for column in columns]


def _zigzag(column: Any) -> Any:
    signed = np.asarray(column).astype(np.int64)
    return (signed << 1) ^ (signed >> 63)


def _lengths(columns: Sequence[Column]) -> Column:
    """How many bytes the numbers of each row take."""
    total = np.zeros(len(columns[0]), np.uint64)
    for column in columns:
        total += np.uint64(1)
        for more in range(1, _MOST_BYTES):
            beyond = column >> np.uint64(7 * more)
            if not beyond.any():
                break
            total += beyond > 0
    return total


def _with_length(field: int, columns: Sequence[Column]) -> list[Column]:
    """The numbers as a field of their own: its tag, its length in bytes, and they."""
    length = _lengths(columns)
    return [np.full(len(length), field, np.uint64), length, *columns]


def _bytes(columns: Sequence[Column]) -> bytes:
    """The numbers of each row, one row behind the other, seven bits a byte, the lowest first."""
    table = np.stack(columns, axis=1)
    widest = max(1, -(-int(table.max()).bit_length() // 7))
    shifts = np.arange(0, 7 * widest, 7, dtype=np.uint64)
    left = table[:, :, None] >> shifts
    goes_on = (left >> np.uint64(7)) > 0
    digits = (left & np.uint64(0x7F)).astype(np.uint8) | (goes_on.astype(np.uint8) << 7)
    written = left > 0
    written[:, :, 0] = True
    return digits[written].tobytes()


def _varint(number: int) -> bytes:
    found = bytearray()
    while number > 0x7F:
        found.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes((*found, number))


def _delimited(tag: int, content: bytes) -> bytes:
    return bytes([tag]) + _varint(len(content)) + content


def _value(value: str | int | float) -> bytes:
    if isinstance(value, str):
        return _delimited(_TEXT, value.encode())
    if isinstance(value, float):
        return bytes([_DOUBLE]) + struct.pack("<d", value)
    return bytes([_UNSIGNED]) + _varint(value)
