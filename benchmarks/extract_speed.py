"""How long reading stories takes, against spaCy's named entity recognition alone on the same texts, in one run.

    python benchmarks/extract_speed.py [--copies 12]

The texts are the English sample stories, repeated. Both sides use the same model, one process, and CPU time; each is
run once to warm up and then three times, taking turns, of which the best counts. `extract` is the whole way: place
names found and resolved, dates, types, events. Needs the gazetteer of `make setup`.
"""

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import spacy

sys.path.insert(0, str(Path(__file__).parent.parent))

from geodata.pipeline import read_drafts
from geodata.settings import Settings
from geodata.sources.markdown import read
from geodata.workspace import SAMPLES, open_workspace

ROUNDS = 3


def cpu_s(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--copies", type=int, default=12, help="how often each sample story is read")
    copies = parser.parse_args().copies
    stories = [read(path.read_bytes(), path.name).documents[0] for path in sorted(SAMPLES.glob("*.md"))]
    english = [story for story in stories if story.language == "en"]
    batch = [replace(story, doc_id=f"{story.doc_id}-{n}") for n in range(copies) for story in english]

    settings = Settings.from_environment()
    workspace = open_workspace(settings)
    nlp = spacy.load(settings.spacy_model)
    ner_only = nlp.select_pipes(enable=["tok2vec", "ner"])

    def ner() -> None:
        for _ in nlp.pipe((story.text for story in batch), batch_size=64):
            pass

    def toponyms() -> None:
        for document, found in workspace.extractor.toponyms(batch):
            workspace.resolver.resolve(found, document)

    def extract() -> None:
        for _ in read_drafts(batch, workspace.extractor, workspace.resolver):
            pass

    sides = {"spaCy NER alone": ner, "toponyms, resolved": toponyms, "extract, whole": extract}
    best = {name: cpu_s(work) for name, work in sides.items()}
    for _ in range(ROUNDS):
        best = {name: min(best[name], cpu_s(work)) for name, work in sides.items()}
    ner_only.restore()
    workspace.close()

    words = sum(len(story.text.split()) for story in batch)
    print(f"{len(batch)} stories, {words:,} words")
    for name, seconds in best.items():
        ratio = seconds / best["spaCy NER alone"]
        print(f"  {name:<20} {seconds:7.2f} s CPU  {words / seconds:8,.0f} words/s  {ratio:5.2f} x")


if __name__ == "__main__":
    main()
