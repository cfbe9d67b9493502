"""`python -m training CORPORA [NAME ...]`: make all models, or those named, from the corpora of a folder."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

Trainer = Callable[[Path], None]


def trainers() -> Mapping[str, Trainer]:
    """Name -> what reads the corpora's folder and writes its model below geodata/models. Order matters: later ones may
    use what earlier ones wrote."""
    from training import places, ranker, spans, types

    return {"ranker": ranker.train, "spans": spans.train, "types": types.main, "places": places.train}


def main(arguments: list[str]) -> int:
    known = trainers()
    if not arguments or set(arguments[1:]) - set(known):
        print(f"{__doc__}\nnames: {', '.join(known)}", file=sys.stderr)
        return 2
    corpora = Path(arguments[0])
    if not corpora.is_dir():
        print(f"{corpora}: no such folder. Say where the corpora are: make train CORPORA=/path", file=sys.stderr)
        return 2
    for name in arguments[1:] or known:
        print(f"==> {name}", flush=True)
        known[name](corpora)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
