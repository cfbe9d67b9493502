"""Classes of English words that stand in or beside place names, from placewords.txt. All in small letters."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path


def read_classes(path: Path) -> Mapping[str, frozenset[str]]:
    """A file of word lists: a line "[class]", then lines of words; "#" begins a comment line."""
    found: dict[str, set[str]] = {}
    name = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("[") and line.endswith("]"):
            name = line[1:-1]
        elif line and not line.startswith("#"):
            found.setdefault(name, set()).update(line.split())
    return {name: frozenset(words) for name, words in found.items()}


_ALL = read_classes(Path(__file__).with_name("placewords.txt"))
SMALL_WORDS = _ALL["small"]
"""Words that stand in capitals only because a sentence begins with them."""
LOCATIVE = _ALL["locative"]
DIRECTIONS = _ALL["direction"]
AREAS = _ALL["area"]
FORMS_OF_ADDRESS = _ALL["form_of_address"]
"""What no place name begins with."""
CLASSES = {name: words for name, words in _ALL.items() if name not in ("small", "form_of_address")}


@lru_cache(maxsize=20_000)
def classes(word: str) -> tuple[str, ...]:
    """The classes that a word belongs to, whatever its capitals."""
    small = word.lower().rstrip(".")
    return tuple(name for name, members in CLASSES.items() if small in members)
