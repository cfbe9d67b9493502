"""How much faster a Dask cluster of one and of two workers imports stories, against one process without Dask.

    python -m benchmarks.import_dask [--stories 400] [--most 2]

The stories are those of `benchmarks.import_stories`. Each way imports 30 stories first, in a store of its own: the time
that its processes take to start and to load their models is taken off. The stores are then compared event by event.
How far more workers would help is arithmetic: the importing process alone writes, and its share of the work (measured
as its CPU seconds a story where workers read) bounds the speed of all.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.import_stories import FIRST, ROOT, SEED, made_stories, write
from geodata.query import EventQuery
from geodata.settings import Settings
from geodata.workspace import open_workspace


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stories", type=int, default=400, help="how many stories are imported")
    parser.add_argument("--most", type=int, default=2, help="workers to go up to")
    given = parser.parse_args()
    done = given.stories - FIRST
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file, start = folder / "stories.jsonl", folder / "start.jsonl"
        write(start, made_stories(FIRST, SEED + 1))
        write(file, made_stories(given.stories))
        ways = [("one process", 1, [])]
        ways += [(f"Dask, {n} worker{'s' * (n > 1)}", n, ["--scheduler", "local"]) for n in range(1, given.most + 1)]
        print(f"{given.stories:,} stories on {os.cpu_count()} cores")
        print(f"{'':18}{'s':>8}{'stories/s':>11}{'ratio':>8}{'start s':>9}")
        alone, first = 0.0, None
        for number, (label, workers, more) in enumerate(ways):
            loading = imported(start, folder / f"start{number}", workers, more)
            took = imported(file, folder / f"data{number}", workers, more) - loading
            found = events_of(folder / f"data{number}")
            first, alone = first or found, alone or took
            same = "the same events" if found == first else "OTHER EVENTS"
            print(f"{label:18}{took:8.1f}{done / took:11.1f}{alone / took:8.2f}{loading:9.1f}  {same}", flush=True)
        writing = own_cpu(start, file, folder, given.most, done)
        print(f"the importing process takes {writing * 1000:.1f} ms CPU a story: {1 / writing:,.0f} stories/s at most")


def imported(file: Path, data: Path, workers: int, more: list[str]) -> float:
    """Seconds of one import by the command."""
    begun = time.monotonic()
    subprocess.run(command(file, more), cwd=ROOT, env=environment(data, workers), stdout=subprocess.DEVNULL, check=True)
    return time.monotonic() - begun


def own_cpu(start: Path, file: Path, folder: Path, workers: int, stories: int) -> float:
    """CPU seconds a story of the importing process alone: `wait4` counts its workers only where it waited for them."""
    code = (
        "import resource, sys\n"
        "from geodata.cli import cli\n"
        "try:\n    cli(sys.argv[1:])\n"
        "finally:\n"
        "    used = resource.getrusage(resource.RUSAGE_SELF)\n"
        "    print('CPU', used.ru_utime + used.ru_stime, file=sys.stderr)\n"
    )
    spent = []
    for number, each in enumerate((start, file)):
        done = subprocess.run(
            [sys.executable, "-c", code, *command(each, ["--scheduler", "local"])[3:]],
            cwd=ROOT,
            env=environment(folder / f"own{number}", workers),
            capture_output=True,
            text=True,
        )
        spent.append(float(done.stderr.rpartition("CPU ")[2].split()[0]))
    return (spent[1] - spent[0]) / stories


def command(file: Path, more: list[str]) -> list[str]:
    return [sys.executable, "-m", "geodata", "import", str(file), *more]


def environment(data: Path, workers: int) -> dict[str, str]:
    gazetteer = Settings.from_environment().gazetteer_path.absolute()
    own = {"DATELINE_DATA": str(data), "DATELINE_GAZETTEER": str(gazetteer), "DATELINE_WORKERS": str(workers)}
    return {**os.environ, **own, "OMP_NUM_THREADS": "1"}


def events_of(data: Path) -> dict[str, object]:
    workspace = open_workspace(Settings(data=data))
    try:
        return {event.event_id: event for event in workspace.store.find(EventQuery())}
    finally:
        workspace.close()


if __name__ == "__main__":
    main()
