"""From mentions as the lexicon has them to mentions of decided kinds: the learned choice, sentence by sentence.

A short text is a note on one event: it is judged as a whole, and the mention that fits best carries its kind. In a
longer story each sentence is judged by itself; where it tells of several events, each one's own clause decides.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geodata.extract.kinds import Floats, Kinds, features
from geodata.extract.proposing import propose
from geodata.extract.reading import Reading, mood_row, passage_row
from geodata.extract.triggers import VAGUE, Mention, carrier, clause

SHORT_SENTENCES = 3
"""Up to so many sentences a text is a note on one event, and nothing in it is said in passing."""
LEAST_REAL, LEAST_REAL_OF_VERB = 0.5, 0.1
"""Below so likely to have happened a mention is left out. `factuality` has already heard a verb's mood and
tense; a noun ("the attack", "talks") says less of either."""
SHORT_WORDS = 9
"""Words and signs of a note too brief to be judged as a whole: its trigger's own kind weighs as in a story."""
LEAST_REAL_OF_HEADLINE = 0.02
"""The same of what leads such a note, a headline without a verb or in the present tense ("Riot in Vienna stadium"): the
models learnt from sentences, where that tells of no event."""
VAGUE_ODDS, LEXICON_ODDS = 2.0, 10.0
"""Within a story, how much likelier the kind is that the lexicon has for the trigger: a word of many kinds, another."""


def decide(readings: Sequence[Reading], model: Kinds, owners: Mapping[str, str]) -> None:
    """Give each mention its kind and how sure that is. `owners`: sub-type -> event type; what the model does not know
    stays as the lexicon has it."""
    note = len(readings) <= SHORT_SENTENCES
    short = note and sum(len(reading.sentence) for reading in readings) <= SHORT_WORDS
    passages = [list(readings)] if note else [[reading] for reading in readings]
    if note and readings and not any(reading.told for reading in readings):
        propose(readings, model, owners)
        short = False
    passages = [passage for passage in passages if any(reading.told for reading in passage)]
    if not passages:
        return
    rows = np.stack([passage_row(passage, model.sub_types) for passage in passages])
    real = model.real(rows, np.stack([mood_row(passage) for passage in passages]))
    known = np.array([name in owners for name in model.sub_types])
    for passage, shares, share in zip(passages, model.shares(rows) * known, real, strict=True):
        leave_out(passage, float(share), short)
        _decide(passage, shares, known, model, owners, note, short)


def leave_out(passage: Sequence[Reading], real: float, short: bool = False) -> None:
    """Take out the mentions of a passage that hardly tells of something that happened."""
    for reading in passage:
        reading.told = [mention for mention in reading.told if real >= _least_real(mention, short)]


def _least_real(mention: Mention, short: bool) -> float:
    token = carrier(mention.token)
    if short and not _is_vague(mention) and any(map(_leads, mention.words)):
        return LEAST_REAL_OF_HEADLINE
    if _opens_as_gerund(mention.token) and mention.token.head.tag_ == "VBD":
        return LEAST_REAL_OF_HEADLINE
    return LEAST_REAL_OF_VERB if token.pos_ == "VERB" else LEAST_REAL


def _leads(word: Any) -> bool:
    """Whether a sentence says it, or is about it."""
    over = ("nsubj", "aux") if _opens_as_gerund(word) else ("nsubj",)
    return bool(word.dep_ == "ROOT" or (word.dep_ in over and word.head.dep_ == "ROOT"))


def _opens_as_gerund(word: Any) -> bool:
    """ "Shelling hit A": small models take the noun for a helping verb, and the models for none that happened."""
    return bool(word.tag_ == "VBG" and word.is_sent_start and word.dep_ in ("aux", "csubj", "nsubj"))


def _is_vague(mention: Mention) -> bool:
    return mention.terms <= 1 and mention.token.lemma_.lower() in VAGUE


def _decide(
    passage: Sequence[Reading],
    shares: Floats,
    known: NDArray[np.bool_],
    model: Kinds,
    owners: Mapping[str, str],
    note: bool,
    short: bool,
) -> None:
    mentions = [m for reading in passage for m in reading.told if m.pattern.sub_type in model.sub_types]
    if not mentions:
        return
    each = np.tile(shares, (len(mentions), 1))
    if len(mentions) > 1:
        rows = np.stack([_clause_row(mention, passage, model) for mention in mentions])
        each = np.sqrt(model.shares(rows) * known * shares)
    if short or not note:
        each *= np.stack([_lexicon_odds(mention, model, short) for mention in mentions])
    each /= each.sum(axis=1, keepdims=True) + 1e-9
    chosen, sure = each.argmax(axis=1), each.max(axis=1)
    if note and not short:
        leading = int(shares.argmax())
        bearer = int(each[:, leading].argmax())
        chosen[bearer], sure[bearer] = leading, max(float(shares[leading]), float(sure[bearer]))
    made = {
        id(mention): _as(mention, model.sub_types[kind], model.calibration.share(float(share)), owners)
        for mention, kind, share in zip(mentions, chosen, sure, strict=True)
    }
    for reading in passage:
        reading.told = [made.get(id(mention), mention) for mention in reading.told]


def _lexicon_odds(mention: Mention, model: Kinds, short: bool) -> Floats:
    """One sentence says little, and the trigger's own pattern much of what it means."""
    odds = np.ones(len(model.sub_types), np.float32)
    own = model.sub_types.index(mention.pattern.sub_type)
    odds[own] = VAGUE_ODDS if _is_vague(mention) and not short else LEXICON_ODDS
    return odds


def _as(mention: Mention, sub_type: str, share: float, owners: Mapping[str, str]) -> Mention:
    pattern = replace(mention.pattern, event_type=owners[sub_type], sub_type=sub_type)
    return replace(mention, pattern=pattern, share=share)


def _clause_row(mention: Mention, passage: Sequence[Reading], model: Kinds) -> Floats:
    words = clause(mention.token)
    own = {word.i for word in words}
    hints = [
        hint
        for reading in passage
        for hint in reading.hints
        if hint.token.doc is mention.token.doc and hint.token.i in own
    ]
    return features(words, hints, [mention], model.sub_types)
