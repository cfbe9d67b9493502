"""A workspace with some hundred events of every kind, and a real server over it."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

from geodata.model import Event, Fatalities, Place, Precision, Source, Status
from geodata.settings import Settings
from geodata.timespan import DatePrecision, TimeSpan
from geodata.workspace import DatelineWorkspace, open_workspace

FIRST = date(2022, 3, 1)
TYPES = ("Battles", "Protests", "Riots")
SOURCE = Source("https://example.org/1", "A story", "Example Wire", FIRST)


def event(number: int) -> Event:
    """The nth of a hundred days, on a spiral around 30 E, 48 N."""
    day = FIRST + timedelta(days=number % 100)
    month = TimeSpan(day.replace(day=1), day.replace(day=28), DatePrecision.MONTH)
    return Event(
        f"e{number:03}",
        TYPES[number % 3],
        "Armed clash" if number % 3 == 0 else "",
        f"Event {number}",
        month if number % 10 == 9 else TimeSpan.day(day),
        Place(f"Place {number % 7}", 30 + number % 40 / 10, 48 + number // 40 / 10, country="UA"),
        sources=(SOURCE,),
        fatalities=Fatalities(best=number % 5) if number % 2 else None,
        status=Status.REVIEWED if number % 4 == 0 else Status.DRAFT,
    )


FIJI = Place("Fiji", 179.5, -17.0, Precision.REGION, "FJ")
SAMOA = Place("Samoa", -172.1, -13.8, Precision.NEAR, "WS")
EVENTS = (
    *map(event, range(240)),
    Event("undated", "Battles", title="</script>", place=FIJI),
    Event("unplaced", "Riots", "Mob violence", "Nowhere", TimeSpan.day(FIRST)),
    Event("samoa", "Protests", title="Over the line", when=TimeSpan.day(FIRST), place=SAMOA),
    Event("rejected", "Battles", when=TimeSpan.day(FIRST), place=SAMOA, status=Status.REJECTED),
)
RESTRICTED = Event("theirs", "Battles", title="Not ours to pass on", when=TimeSpan.day(FIRST), place=FIJI,
                   tags=("restricted",))  # fmt: skip
KEPT = tuple(each for each in EVENTS if each.status != Status.REJECTED)
"""Those that the API gives where it is asked for no status."""


def filled(folder: Path, **more: object) -> DatelineWorkspace:
    """A workspace in a folder, with all of these events."""
    opened = open_workspace(Settings(data=folder, **more))  # type: ignore[arg-type]
    opened.store.save([*EVENTS, RESTRICTED])
    return opened


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a server of its own over a data folder, on any free port; it ends with the block.

    It is another process: GDAL keeps Python's lock while it waits for an answer.
    """
    command = [sys.executable, "-m", "geodata", "serve", "--port", "0"]
    environment = {**os.environ, "DATELINE_DATA": str(folder)}
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as run:
        try:
            said = (re.search(r"http://\S+", line) for line in run.stdout or ())
            yield next(found.group() for found in said if found)
        finally:
            run.terminate()
            run.wait(20)
