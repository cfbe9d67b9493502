"""Twenty people at once on a map of a million events, against one alone on the same server: how long answers take.

    python -m benchmarks.make_events 1000000 --store /tmp/million
    python -m benchmarks.many_people /tmp/million                  a minute of one, a minute of twenty
    python -m benchmarks.many_people /tmp/million --minutes 10

Each person pans, zooms, drags the brush of the timeline, turns a type off and now and then searches for a word, at
random times that no answer delays (open loop): an answer is timed from the moment that its question was due, so that
a slow server cannot slow its own load. Each step asks what the page asks: the view, and the list once the map is still.
Everything over loopback, client and server on the same cores.
"""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import click
import numpy as np

from benchmarks.serving import served

ACT_S = 2.0
"""Mean seconds between a person's acts, exponentially spread."""
ACTS = {"pan": 0.5, "zoom": 0.2, "brush": 0.2, "type": 0.07, "search": 0.03}
BRUSH_STEPS, BRUSH_STEP_S = 6, 0.1
REACH = 3.0
WIDTHS = (7, 10, 8, 9, 9, 9, 9, 8)
TIMEOUT_S = 30.0
STARTED_S = 600.0
ALONE_MINUTES = 3.0
VIEW_PX = (1100, 700)
SPOTS = ((31.2, 48.9), (36.2, 49.9), (30.0, 15.0), (96.1, 20.0), (37.1, 36.2), (8.5, 9.0), (-99.1, 19.4))
"""Longitude and latitude where people begin: where many of the made events are, and some elsewhere."""
TYPES = ("Battles", "Explosions/Remote violence", "Protests", "Violence against civilians", "Strategic developments")
WORDS = ("shelling", "market", "march", "arrest", "drone", "обстріл", "flood")
FIRST_DAY, DAYS = date(2022, 1, 1), 1826
HEADERS = "Host: {host}\r\nAccept: application/json\r\nAccept-Encoding: gzip, deflate, br, zstd\r\n\r\n"


@dataclass(slots=True)
class Person:
    """Where a person's map is and what its filters are."""

    rng: random.Random
    lon: float = 0.0
    lat: float = 0.0
    zoom: int = 4
    first: int = 0
    last: int = DAYS - 1
    types: tuple[str, ...] = ()
    word: str = ""

    def __post_init__(self) -> None:
        self.lon, self.lat = self.rng.choice(SPOTS)
        self.zoom = self.rng.randint(3, 7)

    def act(self) -> Iterator[tuple[float, str]]:
        """Seconds after the act's beginning, and the path to ask for then."""
        kind = self.rng.choices(list(ACTS), list(ACTS.values()))[0]
        steps = BRUSH_STEPS if kind == "brush" else 1
        for step in range(steps):
            getattr(self, f"_{kind}")()
            yield (
                step * BRUSH_STEP_S,
                f"/map/view?{self._params()}&zoom={self.zoom}&axis=2022-01-01/2026-12-31&unit=week",
            )
        yield (steps - 1) * BRUSH_STEP_S, f"/map/list?{self._params()}&limit=50&offset=0"

    def _pan(self) -> None:
        width = 360 * VIEW_PX[0] / (256 * 2**self.zoom)
        self.lon = (self.lon + self.rng.uniform(-0.4, 0.4) * width + 180) % 360 - 180
        self.lat = min(65.0, max(-40.0, self.lat + self.rng.uniform(-0.2, 0.2) * width))

    def _zoom(self) -> None:
        self.zoom = min(10, max(2, self.zoom + self.rng.choice((-1, 1))))

    def _brush(self) -> None:
        if self.last - self.first > DAYS // 2:
            self.first = self.rng.randrange(DAYS // 2)
            self.last = self.first + self.rng.randrange(20, 200)
        move = self.rng.randrange(1, 15)
        self.first, self.last = (self.first + move) % (DAYS - 200), (self.first + move) % (DAYS - 200) + 120

    def _type(self) -> None:
        self.types = () if self.types else tuple(self.rng.sample(TYPES, 3))

    def _search(self) -> None:
        self.word = "" if self.word else self.rng.choice(WORDS)

    def _params(self) -> str:
        degrees = 360 / (256 * 2**self.zoom)
        across, down = VIEW_PX[0] * degrees / 2, VIEW_PX[1] * degrees * 0.35
        box = (self.lon - across, self.lat - down, self.lon + across, self.lat + down)
        whole = box[2] - box[0] >= 360
        west, east = (-180.0, 180.0) if whole else ((box[0] + 180) % 360 - 180, (box[2] + 180) % 360 - 180)
        params: dict[str, object] = {"bbox": f"{west:.5f},{max(-85, box[1]):.5f},{east:.5f},{min(85, box[3]):.5f}"}
        if (self.first, self.last) != (0, DAYS - 1):
            ends = (FIRST_DAY + timedelta(days=number) for number in (self.first, self.last))
            params |= {"datetime": "/".join(map(str, ends)), "undated": "exclude"}
        params |= {"type": self.types, "unplaced": "exclude"} | ({"q": self.word} if self.word else {})
        return urlencode(params, doseq=True, safe="/,")


@dataclass(slots=True)
class Load:
    """What was measured: milliseconds by route, errors, memory of the server in MB once a second.

    `memory_mb` is the process's own (anonymous) memory; what it has mapped of files is the system's cache, which it
    takes back when it needs it.
    """

    people: int
    seconds: float
    taken_ms: dict[str, list[float]] = field(default_factory=lambda: {"/map/view": [], "/map/list": []})
    errors: Counter[str] = field(default_factory=Counter)
    memory_mb: list[float] = field(default_factory=list)
    mapped_mb: list[float] = field(default_factory=list)

    def all_ms(self) -> list[float]:
        return [each for taken in self.taken_ms.values() for each in taken]


class Lane:
    """One kept connection, on which a person's questions of one kind follow each other."""

    def __init__(self, address: str) -> None:
        self._host = urlsplit(address).netloc
        self._lock = asyncio.Lock()
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, path: str) -> int:
        """The answer's status, once its last byte is there; a connection that failed midway is not used again."""
        async with self._lock:
            try:
                return await self._asked(path)
            except BaseException:
                self.close()
                raise

    async def _asked(self, path: str) -> int:
        if self._streams is None:
            host, port = self._host.split(":")
            self._streams = await asyncio.open_connection(host, int(port))
        reader, writer = self._streams
        writer.write(f"GET {path} HTTP/1.1\r\n{HEADERS.format(host=self._host)}".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        length = next(line for line in head.split("\r\n") if line.lower().startswith("content-length:"))
        await reader.readexactly(int(length.split(":")[1]))
        return int(head.split(" ", 2)[1])

    def close(self) -> None:
        if self._streams:
            self._streams[1].close()
        self._streams = None


async def live(person: Person, address: str, load: Load, until: float) -> None:
    """One person until the time is over; questions are due when they are due."""
    lanes = {route: [Lane(address) for _ in range(3)] for route in load.taken_ms}
    asked: list[asyncio.Task[None]] = []

    async def ask(due: float, path: str) -> None:
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        route = path.split("?")[0]
        lane = lanes[route][len(load.taken_ms[route]) % 3]
        try:
            status = await asyncio.wait_for(lane.ask(path), TIMEOUT_S)
            if status != 200:
                load.errors[f"{route} {status}"] += 1
        except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
            load.errors[f"{route} {type(error).__name__}"] += 1
        load.taken_ms[route].append(1000 * (time.perf_counter() - due))

    due = time.perf_counter() + person.rng.expovariate(1 / ACT_S)
    while due < until:
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        asked += [asyncio.create_task(ask(due + later, path)) for later, path in person.act()]
        due += person.rng.expovariate(1 / ACT_S)
    await asyncio.gather(*asked)
    for each in (lane for some in lanes.values() for lane in some):
        each.close()


async def run(address: str, pid: int, people: int, seconds: float, seed: int) -> Load:
    load = Load(people, seconds)
    until = time.perf_counter() + seconds

    async def watch() -> None:
        while True:
            own, mapped = memory_mb(pid)
            load.memory_mb.append(own)
            load.mapped_mb.append(mapped)
            await asyncio.sleep(1)

    watching = asyncio.create_task(watch())
    # the same people each time; no secret depends on them
    crowd = [Person(random.Random(seed + number)) for number in range(people)]  # noqa: S311
    await asyncio.gather(*(live(person, address, load, until) for person in crowd))
    watching.cancel()
    return load


def memory_mb(pid: int) -> tuple[float, float]:
    """The resident memory of a process, its own and that of mapped files, from Linux's /proc."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    found = {
        name: int(rest.split()[0]) / 1024 for name, _, rest in (line.partition(":") for line in lines) if "Rss" in name
    }
    return found["RssAnon"], found["RssFile"] + found["RssShmem"]


def by_minute(load: Load) -> str:
    """The mean of each minute, MB."""
    minutes = [load.memory_mb[at : at + 60] for at in range(0, len(load.memory_mb), 60)]
    return " ".join(f"{np.mean(part):.0f}" for part in minutes)


def told(load: Load) -> str:
    taken = load.all_ms()
    p50, p95, p99 = np.percentile(taken, (50, 95, 99))
    cells = (f"{load.people}", f"{len(taken):,}", f"{len(taken) / load.seconds:.1f}", f"{p50:.1f}", f"{p95:.1f}",
             f"{p99:.1f}", f"{max(taken):.1f}", f"{sum(load.errors.values())}")  # fmt: skip
    return "".join(f"{cell:>{width}}" for cell, width in zip(cells, WIDTHS, strict=True))


@click.command(help=__doc__)
@click.argument("data", type=click.Path(exists=True, path_type=Path))
@click.option("--people", default=20, show_default=True)
@click.option("--minutes", default=1.0, show_default=True, help="How long the many stay; the one, 3 at most.")
@click.option("--seed", default=7, show_default=True)
def main(data: Path, people: int, minutes: float, seed: int) -> None:
    with served(data) as (address, pid):
        # what a server does only once: it builds the index, and reads the file's pages
        asyncio.run(asyncio.wait_for(Lane(address).ask("/map/view?zoom=2"), STARTED_S))
        asyncio.run(run(address, pid, 4, 10, seed + 1000))
        heads = ("people", "answers", "a s", "p50 ms", "p95 ms", "p99 ms", "most ms", "errors")
        print("".join(f"{head:>{width}}" for head, width in zip(heads, WIDTHS, strict=True)))
        alone = asyncio.run(run(address, pid, 1, 60 * min(minutes, ALONE_MINUTES), seed))
        print(told(alone), flush=True)
        many = asyncio.run(run(address, pid, people, 60 * minutes, seed))
        print(told(many), flush=True)
    for route in many.taken_ms:
        p99 = [float(np.percentile(load.taken_ms[route], 99)) for load in (alone, many)]
        print(f"{route}: p99 {p99[0]:.1f} ms alone, {p99[1]:.1f} ms among {people}: {p99[1] / p99[0]:.2f}x")
    one, all_ = (float(np.percentile(load.all_ms(), 99)) for load in (alone, many))
    print(f"p99 of all: {all_ / one:.2f}x of one person's (to reach: at most {REACH:g}x)")
    quarter = max(1, len(many.memory_mb) // 4)
    first, last = (float(np.mean(part)) for part in (many.memory_mb[:quarter], many.memory_mb[-quarter:]))
    print(
        f"memory of the server: {first:.0f} MB in the first quarter, {last:.0f} MB in the last ({last - first:+.1f} MB)"
    )
    print(f"by minute, MB: {by_minute(many)}; files mapped besides: {many.mapped_mb[-1]:.0f} MB")
    for what, count in (alone.errors + many.errors).items():
        print(f"error: {what}: {count} times")


if __name__ == "__main__":
    main()
