"""How long reading stories takes, against spaCy's named entity recognition alone on the same texts, in one run.

    python benchmarks/extract_speed.py [--copies 12] [--stories FILE.jsonl]

Both sides use the same model, one process, and CPU time. The texts are the English sample stories, repeated: each side
is run once to warm up and then three times, taking turns, of which the best counts. A FILE of different stories
({"text", "published"?} a line, in English) is read once, after its first quarter has warmed both sides up, which take
turns at every few stories: so no text is read that was read before. `extract` is the whole way: place names found and
resolved, dates, types, events. Needs the gazetteer of `make setup`.
"""

import argparse
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import spacy

sys.path.insert(0, str(Path(__file__).parent.parent))

from geodata.model import Document
from geodata.pipeline import read_drafts
from geodata.settings import Settings
from geodata.sources import jsonl
from geodata.sources.markdown import read
from geodata.workspace import SAMPLES, open_workspace

ROUNDS = 3
STORIES_A_TURN = 32
PEER = "spaCy NER alone"
Sides = Mapping[str, Callable[[Sequence[Document]], object]]


def cpu_s(work: Callable[[Sequence[Document]], object], batch: Sequence[Document]) -> float:
    start = time.process_time()
    work(batch)
    return time.process_time() - start


def samples(copies: int) -> list[Document]:
    stories = [read(path.read_bytes(), path.name).documents[0] for path in sorted(SAMPLES.glob("*.md"))]
    english = [story for story in stories if story.language == "en"]
    return [replace(story, doc_id=f"{story.doc_id}-{n}") for n in range(copies) for story in english]


def best_of_rounds(sides: Sides, batch: Sequence[Document]) -> dict[str, float]:
    best = {name: cpu_s(work, batch) for name, work in sides.items()}
    for _ in range(ROUNDS):
        best = {name: min(best[name], cpu_s(work, batch)) for name, work in sides.items()}
    return best


def by_turns(sides: Sides, stories: Sequence[Document], timed: Sequence[Document]) -> dict[str, float]:
    total = dict.fromkeys(sides, 0.0)
    for work in sides.values():
        work(stories[: len(stories) - len(timed)])
    for at in range(0, len(timed), STORIES_A_TURN):
        for name, work in sides.items():
            total[name] += cpu_s(work, timed[at : at + STORIES_A_TURN])
    return total


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--copies", type=int, default=12, help="how often each sample story is read")
    parser.add_argument("--stories", type=Path, help="JSON Lines of stories to read instead")
    asked = parser.parse_args()

    settings = Settings.from_environment()
    workspace = open_workspace(settings)
    nlp = spacy.load(settings.spacy_model)
    ner_only = nlp.select_pipes(enable=["tok2vec", "ner"])

    def ner(batch: Sequence[Document]) -> None:
        for _ in nlp.pipe((story.text for story in batch), batch_size=64):
            pass

    def toponyms(batch: Sequence[Document]) -> None:
        for document, found in workspace.extractor.toponyms(batch):
            workspace.resolver.resolve(found, document)

    def extract(batch: Sequence[Document]) -> None:
        for _ in read_drafts(batch, workspace.extractor, workspace.resolver):
            pass

    sides = {PEER: ner, "toponyms, resolved": toponyms, "extract, whole": extract}
    if asked.stories:
        stories = list(jsonl.read(asked.stories.read_bytes(), asked.stories.name).documents)
        batch = stories[len(stories) // 4 :]
        # what toponyms reads would be known to extract: it is left out
        spent = by_turns({name: sides[name] for name in (PEER, "extract, whole")}, stories, batch)
    else:
        batch = samples(asked.copies)
        spent = best_of_rounds(sides, batch)
    ner_only.restore()
    workspace.close()

    words = sum(len(story.text.split()) for story in batch)
    print(f"{len(batch)} stories, {words:,} words")
    for name, seconds in spent.items():
        ratio = seconds / spent[PEER]
        print(f"  {name:<20} {seconds:7.2f} s CPU  {words / seconds:8,.0f} words/s  {ratio:5.2f} x")


if __name__ == "__main__":
    main()
