"""The modules that a script of ours imports, all the way down."""

import re
from functools import lru_cache
from pathlib import Path, PurePosixPath

_IMPORT = re.compile(r"""^\s*(?:import|export)\b[^"';]*?["'](\.{1,2}/[^"']+\.js)["']""", re.MULTILINE)
"""A static import of a relative address; dynamic ones are for later, and are not asked for ahead."""


@lru_cache(maxsize=16)
def modules_of(folder: Path, entry: str, version: str) -> tuple[str, ...]:
    """`entry` and every module that it imports, as paths below `folder`, the nearest first.

    `version` is that of the folder: with another one the files are read anew. A file that is not there is left out:
    the browser, which asks for it too, says so.
    """
    found: dict[str, None] = {}
    waiting = [entry]
    while waiting:
        name = waiting.pop(0)
        path = folder / name
        if name in found or not path.is_file():
            continue
        found[name] = None
        for address in _IMPORT.findall(path.read_text(encoding="utf-8")):
            waiting.append(resolved(PurePosixPath(name).parent, address))
    return tuple(found)


def resolved(folder: PurePosixPath, address: str) -> str:
    """A relative address, seen from `folder`, as a path."""
    parts = list(folder.parts)
    for part in PurePosixPath(address).parts:
        if part == "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)
