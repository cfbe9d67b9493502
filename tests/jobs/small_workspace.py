"""A workspace that needs no model, and some of whose stories fail, kill their process or never end.

It lies in a module of its own, so that the processes of an import can load it.
"""

import os
import signal
import time
from collections.abc import Iterable, Iterator

from geodata.model import Document, Extraction
from geodata.workspace import DatelineWorkspace
from tests.fake_stages import FakeExtractor, FakeLocator, FakeResolver

FAILS, KILLS, HANGS, SLOW = "provokes an error", "kills its process", "never ends", "takes a while"
SLOW_S = 0.02


class TrickyExtractor(FakeExtractor):
    def extract(self, documents: Iterable[Document]) -> Iterator[Extraction]:
        for document in documents:
            if FAILS in document.text:
                raise KeyError("no such rule")
            if KILLS in document.text:
                os.kill(os.getpid(), signal.SIGKILL)
            if HANGS in document.text:
                time.sleep(600)
            if SLOW in document.text:
                time.sleep(SLOW_S)
            yield from super().extract([document])


class TrickyWorkspace(DatelineWorkspace):
    @property
    def extractor(self) -> TrickyExtractor:  # type: ignore[override]
        return TrickyExtractor()

    @property
    def resolver(self) -> FakeResolver:  # type: ignore[override]
        return FakeResolver()

    def readers(self) -> tuple[TrickyExtractor, FakeResolver]:
        return self.extractor, self.resolver

    @property
    def table_geocoder(self) -> FakeLocator:  # type: ignore[override]
        return FakeLocator()
