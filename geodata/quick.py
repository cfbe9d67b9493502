"""Frozen values made in a quarter of the time: for a million rows of a table."""

from dataclasses import field, fields, make_dataclass
from typing import Any, TypeVar, cast

T = TypeVar("T")


def quick(cls: type[T]) -> type[T]:
    """What is called as a frozen dataclass with slots is, and gives its values; without `__post_init__`, so unchecked.

    A frozen dataclass sets each slot through `object.__setattr__`. Here a twin with the same slots that is not frozen
    sets them as any object does, and then becomes one of `cls`: Python allows that where the layouts are the same.
    """

    def become(self: Any) -> None:
        self.__class__ = cls

    own: Any = cls
    columns = [
        (each.name, each.type, field(default=each.default, default_factory=each.default_factory))
        for each in fields(own)
    ]
    twin = make_dataclass(cls.__name__, columns, namespace={"__post_init__": become}, eq=False, repr=False, slots=True)
    return cast("type[T]", twin)
