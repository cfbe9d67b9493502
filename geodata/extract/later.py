"""Patterns compiled when they are first looked for: the longest take as long to compile as a story takes to read."""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(slots=True)
class Later:
    """A pattern whose letters may be capital or small."""

    expression: str
    _made: re.Pattern[str] | None = field(default=None, repr=False)

    def finditer(self, text: str, start: int = 0, end: int = sys.maxsize) -> Iterator[re.Match[str]]:
        """As re.Pattern.finditer."""
        if self._made is None:
            self._made = re.compile(self.expression, re.IGNORECASE)
        return self._made.finditer(text, start, end)
