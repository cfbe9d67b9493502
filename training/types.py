"""`python -m training CORPORA types`: which sub-type a passage tells of.

Learns from our own sentences (training/sentences) and the development half of CASE 2021 task 2, by a multinomial
logistic regression with balanced classes. Cross-validation is of five folds, stratified, seed 0: our own sentences are
in every fold's training part, and no corpus row is ever scored by a model that saw it.
"""

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from geodata.event_types import load_event_types
from geodata.extract.kinds import feature_names
from geodata.extract.moods import NAMES as MOODS
from geodata.extract.reading import mood_row, passage_row
from geodata.learned import MODELS
from training.export import of_calibration, of_linear, save
from training.reading import Reader
from training.sentences import own_sentences

STRENGTH = 0.3
"""Inverse of the regularisation; 0.1 to 1 come within a point of each other in cross-validation."""
FOLDS, SEED = 5, 0
OWN = ("violence", "society")
BRIEF = "brief"
CORPUS = "case2021_types_dev.tsv"
LABELS = {
    "GOV_REGAINS_TERIT": "Government regains territory",
    "NON_STATE_ACTOR_OVERTAKES_TER": "Non-state actor overtakes territory",
    "ARMED_CLASH": "Armed clash",
    "FORCE_AGAINST_PROTEST": "Excessive force against protesters",
    "PROTEST_WITH_INTER": "Protest with intervention",
    "PEACE_PROTEST": "Peaceful protest",
    "VIOL_DEMONSTR": "Violent demonstration",
    "MOB_VIOL": "Mob violence",
    "CHEM_WEAP": "Chemical weapon",
    "AIR_STRIKE": "Air/drone strike",
    "SUIC_BOMB": "Suicide bomb",
    "ART_MISS_ATTACK": "Shelling/artillery/missile attack",
    "REM_EXPLOS": "Remote explosive/landmine/IED",
    "GRENADE": "Grenade",
    "SEX_VIOL": "Sexual violence",
    "ATTACK": "Attack",
    "ABDUCT_DISSAP": "Abduction/forced disappearance",
    "AGREEMENT": "Agreement",
    "ARREST": "Arrests",
    "CHANGE_TO_GROUP_ACT": "Change to group/activity",
    "DISR_WEAP": "Disrupted weapons use",
    "HQ_ESTABLISHED": "Headquarters or base established",
    "PROPERTY_DISTRUCT": "Looting/property destruction",
    "NON_VIOL_TERRIT_TRANSFER": "Non-violent transfer of territory",
    "OTHER": "Other",
    "NATURAL_DISASTER": "Natural disaster",
    "MAN_MADE_DISASTER": "Man-made disaster",
    "ORG_CRIME": "Organised crime",
    "DIPLO": "Diplomatic event",
}
"""The corpus's labels as sub-types of ours; ATTRIB, a claim of responsibility, is none and is left out."""
Floats = NDArray[np.float32]
Numbers = NDArray[np.int64]


def main(corpora: Path) -> None:
    """Write models/types.npz and models/happened.npz, and print what cross-validation says."""
    sub_types = tuple(sub for kind in load_event_types().values() for sub in kind.sub_types)
    reader = Reader()
    corpus = read_corpus(corpora / CORPUS)
    ours = [pair for name in OWN for pair in own_sentences(name)]
    rows, moods = passage_rows(reader, [text for _, text in corpus], sub_types)
    own, own_moods = passage_rows(reader, [text for _, text in ours], sub_types)
    labels = np.array([sub_types.index(label) for label, _ in corpus])
    own_labels = np.array([sub_types.index(label) for label, _ in ours])
    write_kinds(rows, labels, own, own_labels, sub_types)
    others, other_moods = passage_rows(reader, [text for _, text in own_sentences("not_events")], sub_types)
    brief, brief_moods = passage_rows(reader, [text for _, text in own_sentences(BRIEF)], sub_types)
    told = np.vstack([np.hstack(pair) for pair in ((rows, moods), (own, own_moods), (brief, brief_moods))])
    write_happened(told, np.hstack([others, other_moods]), sub_types)


def write_kinds(rows: Floats, labels: Numbers, own: Floats, own_labels: Numbers, sub_types: tuple[str, ...]) -> None:
    """The choice of a sub-type, with its calibration out of fold."""
    shares = cross_validated(rows, labels, own, own_labels, len(sub_types))
    right = shares.argmax(axis=1) == labels
    f1 = f1_score(labels, shares.argmax(axis=1), average="weighted")
    print(f"{len(rows)} snippets, {len(own)} own sentences; out of fold {right.mean():.3f} right, weighted F1 {f1:.3f}")
    model = fitted(np.vstack([rows, own]), np.concatenate([labels, own_labels]))
    save(
        MODELS / "types.npz",
        {
            **of_linear(model.coef_.T.astype(np.float16), model.intercept_, feature_names(sub_types)),
            **of_calibration(shares.max(axis=1), right),
            "sub_types": np.array(sub_types),
        },
    )


def write_happened(told: Floats, others: Floats, sub_types: tuple[str, ...]) -> None:
    """Whether a passage tells of an event at all."""
    rows, labels = np.vstack([told, others]), np.array([1] * len(told) + [0] * len(others))
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED)
    model = LogisticRegression(C=STRENGTH, max_iter=3000, class_weight="balanced")
    said = cross_val_predict(model, rows, labels, cv=folds)
    kept, left = said[labels == 1].mean(), 1 - said[labels == 0].mean()
    print(f"of {len(told)} passages with an event {kept:.3f} kept, of {len(others)} without {left:.3f} left out")
    model.fit(rows, labels)
    names = (*feature_names(sub_types), *MOODS)
    save(MODELS / "happened.npz", of_linear(model.coef_.T.astype(np.float16), model.intercept_, names))


def read_corpus(path: Path) -> list[tuple[str, str]]:
    """(sub-type, snippet) of each row that tells of an event of ours."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [(LABELS[label], row["EventSnippet"]) for row in rows if (label := row["SubType"].strip()) in LABELS]


def passage_rows(reader: Reader, texts: Sequence[str], sub_types: tuple[str, ...]) -> tuple[Floats, Floats]:
    """Each text's features and moods, judged as one passage."""
    made = [(passage_row(readings, sub_types), mood_row(readings)) for readings in reader.readings(texts)]
    return np.stack([row for row, _ in made]), np.stack([mood for _, mood in made])


def fitted(rows: Floats, labels: Numbers) -> LogisticRegression:
    """The model of some rows."""
    return LogisticRegression(C=STRENGTH, max_iter=3000, class_weight="balanced").fit(rows, labels)


def cross_validated(rows: Floats, labels: Numbers, own: Floats, own_labels: Numbers, outputs: int) -> Floats:
    """(rows, outputs) shares of each row by a model that did not see it."""
    shares = np.zeros((len(rows), outputs), np.float32)
    for seen, held in StratifiedKFold(FOLDS, shuffle=True, random_state=SEED).split(rows, labels):
        model = fitted(np.vstack([rows[seen], own]), np.concatenate([labels[seen], own_labels]))
        shares[np.ix_(held, model.classes_)] = model.predict_proba(rows[held])
    return shares
