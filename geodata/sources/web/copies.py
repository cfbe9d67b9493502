"""The copies of fetched pages: `copies/ab/abcd….html` in the data folder, named by their SHA-256, each with a record.

A copy is written before anything is made of it, and never changed. It is what an editor can point to when the page is
gone.
"""

import json
import os
import re
import threading
from pathlib import Path, PurePosixPath

from geodata.errors import StoreError
from geodata.sources.web.fetching import Page

FOLDER = "copies"
RECORD = ".jsonl"
_SUFFIX = re.compile(r"\.[a-z0-9]{1,8}")


def keep_copy(page: Page, data: Path) -> Path:
    """Writes the page and its record; the path of the copy, relative to the data folder."""
    suffix = PurePosixPath(page.name).suffix.lower()
    if not _SUFFIX.fullmatch(suffix) or suffix == RECORD:  # an address may end in anything
        suffix = ".bin"
    place = Path(FOLDER) / page.sha256[:2] / f"{page.sha256}{suffix}"
    record = {
        "asked": page.asked,
        "address": page.address,
        "media_type": page.media_type,
        "charset": page.charset,
        "retrieved": page.retrieved.isoformat(timespec="seconds"),
        "sha256": page.sha256,
        "bytes": len(page.body),
    }
    try:
        (data / place).parent.mkdir(parents=True, exist_ok=True)
        _write(data / place, page.body)
        with (data / place).with_suffix(RECORD).open("a", encoding="utf-8") as log:  # a line each time it was fetched
            log.write(json.dumps(record, ensure_ascii=False) + "\n")
    except OSError as error:
        raise StoreError(f"the copy of {page.address} cannot be kept: {error.strerror or error}") from error
    return place


def _write(path: Path, body: bytes) -> None:
    """The whole file or none of it."""
    if path.exists():
        return
    part = path.with_name(f"{path.name}.{os.getpid()}-{threading.get_ident()}.part")
    part.write_bytes(body)
    part.replace(path)
