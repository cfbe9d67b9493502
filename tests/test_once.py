"""A part that is made at first use, by one thread, and tried again after a failure."""

import threading
import time

import pytest

from geodata.once import Once


def test_many_threads_make_it_once() -> None:
    made: list[int] = []

    def make() -> int:
        time.sleep(0.05)
        made.append(1)
        return len(made)

    once = Once(make)
    assert not once.made
    threads = [threading.Thread(target=once) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert made == [1]
    assert (once.made, once()) == (True, 1)


def test_a_failure_is_not_kept() -> None:
    answers = iter([ValueError("first"), None])

    def make() -> str:
        error = next(answers)
        if error:
            raise error
        return "made"

    once = Once(make)
    with pytest.raises(ValueError, match="first"):
        once()
    assert once() == "made"


def test_a_part_of_nothing_is_a_part() -> None:
    once = Once(lambda: None)
    assert once() is None
    assert once.made
