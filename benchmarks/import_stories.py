"""How fast and in how much memory many stories are imported, against spaCy's entity recognition alone on their texts.

    python benchmarks/import_stories.py [--stories 600] [--workers 0]

The stories are the sample stories with their sentences in another order and a number of their own, so that no two are
alike; they are imported from one JSON Lines file into a store of their own, as `python -m geodata import` does it. CPU
time is that of all processes; the time that each process needs to load its models is counted apart, by importing 30
stories first. Memory is the proportional share (PSS: pages that processes share are counted once) of the whole
process tree, looked at twice a second, so it needs Linux. A second import of the same file shows how fast stories
that were read before are passed over. Needs the gazetteer of `make setup`.
"""

import argparse
import json
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from geodata.settings import Settings
from geodata.sources.markdown import read
from geodata.workspace import SAMPLES

ROOT = Path(__file__).parent.parent
SEED = 20240513
FIRST = 30
WHOLE = 100_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stories", type=int, default=600, help="how many stories are imported")
    parser.add_argument("--workers", type=int, default=0, help="processes; 0: one for each core")
    given = parser.parse_args()
    rows = list(made_stories(given.stories))
    words = sum(len(str(row["text"]).split()) for row in rows)
    with tempfile.TemporaryDirectory() as folder:
        file, start = Path(folder) / "stories.jsonl", Path(folder) / "start.jsonl"
        write(start, made_stories(FIRST, SEED + 1))
        write(file, rows)
        loading_cpu, loading_s, _ = imported(start, Path(folder) / "first", given.workers)
        cpu, wall, peak = imported(file, Path(folder) / "data", given.workers)
        _, again, _ = imported(file, Path(folder) / "data", given.workers)
    ner = ner_alone([str(row["text"]) for row in rows])
    work, elapsed = cpu - loading_cpu, wall - loading_s
    done = given.stories - FIRST
    print(f"{given.stories:,} stories, {words:,} words, {given.workers or 'all'} workers of {os.cpu_count()} cores")
    print(f"  import               {work:8.1f} s CPU, {elapsed:7.1f} s, {done / elapsed:6.1f} stories/s")
    print(f"  start (models)       {loading_cpu:8.1f} s CPU, {loading_s:7.1f} s")
    print(
        f"  spaCy NER alone      {ner:8.1f} s CPU; the import takes {work / done * given.stories / ner:.2f} times that"
    )
    print(f"  passed over          {again:8.1f} s for the same file again")
    print(f"  most memory          {peak / 1e6:8,.0f} MB in all processes")
    cores = given.workers or os.cpu_count() or 1
    hours = work / done * WHOLE / 3600
    print(f"  {WHOLE:,} stories  {hours:8.1f} h CPU, {hours / cores:.1f} h on {cores} cores")


def made_stories(count: int, seed: int = SEED) -> Iterator[dict[str, object]]:
    """Stories of the samples' own sentences, each a mixture that comes once."""
    chance = random.Random(seed)  # noqa: S311 - the same stories each time
    samples = [read(path.read_bytes(), path.name).documents[0] for path in sorted(SAMPLES.glob("*.md"))]
    for number in range(count):
        sample = samples[number % len(samples)]
        sentences = re.split(r"(?<=[.!?])\s+", sample.text)
        chance.shuffle(sentences)
        text = " ".join([*sentences, f"This is report number {number + 1}."])
        published = sample.published.isoformat() if sample.published else "2024-05-13"
        yield {"doc_id": f"made-{seed}-{number}", "text": text, "published": published, "language": sample.language}


def write(path: Path, rows: object) -> None:
    with path.open("w", encoding="utf-8") as out:
        for row in rows:  # type: ignore[attr-defined]
            out.write(json.dumps(row, ensure_ascii=False) + "\n")


def imported(file: Path, data: Path, workers: int) -> tuple[float, float, float]:
    """CPU seconds of all processes, seconds, and the most bytes of memory, of one import by the command."""
    settings = Settings.from_environment()
    environment = {
        **os.environ,
        "DATELINE_DATA": str(data),
        "DATELINE_GAZETTEER": str(settings.gazetteer_path.absolute()),
        "DATELINE_WORKERS": str(workers),
    }
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "geodata", "import", str(file)], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL
    )
    peak: list[int] = [0]
    over = threading.Event()
    watch = threading.Thread(target=watch_memory, args=(process.pid, peak, over))
    watch.start()
    code = process.wait()
    over.set()
    watch.join()
    if code:
        raise SystemExit(f"the import ended with {code}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, time.monotonic() - start, peak[0]


def watch_memory(pid: int, peak: list[int], over: threading.Event) -> None:
    while not over.wait(0.5):
        peak[0] = max(peak[0], sum(map(proportional_bytes, tree(pid))))


def tree(pid: int) -> list[int]:
    """The process and all its descendants."""
    found = [pid]
    for each in found:
        try:
            for task in Path(f"/proc/{each}/task").iterdir():
                found += map(int, (task / "children").read_text().split())
        except OSError:
            continue  # it has ended
    return found


def proportional_bytes(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    found = re.search(r"^Pss:\s+(\d+) kB", text, re.MULTILINE)
    return int(found[1]) * 1024 if found else 0


def ner_alone(texts: list[str]) -> float:
    """CPU seconds of spaCy's recognition of entities, its model loaded before."""
    import spacy

    nlp = spacy.load(Settings.from_environment().spacy_model)
    nlp.select_pipes(enable=["tok2vec", "ner"])
    for _ in nlp.pipe(texts[:20]):
        pass
    start = time.process_time()
    for _ in nlp.pipe(texts, batch_size=64):
        pass
    return time.process_time() - start


if __name__ == "__main__":
    main()
