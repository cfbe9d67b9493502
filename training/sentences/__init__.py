"""Sentences written for this project, by what they tell: the files beside this one."""

from pathlib import Path


def own_sentences(name: str) -> list[tuple[str, str]]:
    """(label, sentence) of one file: a [label] heads its sentences, one a line; `#` begins a remark."""
    found: list[tuple[str, str]] = []
    label = ""
    for line in (Path(__file__).parent / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            label = line.strip("[] ")
        elif line.strip() and not line.startswith("#"):
            found.append((label, line.strip()))
    return found
