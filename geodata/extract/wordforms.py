"""Parts of speech and dictionary forms by spaCy's own rules, each worked out once and kept by what it depends on.

The rules of the shipped models look at a token's tag, at its place in the sentence and, for some words, at the word or
the next one. Trying all of them at every token takes half as long as the parser; nearly all tokens are like one before.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from spacy.attrs import DEP, IS_SPACE, LEMMA, LOWER, MORPH, ORTH, POS, TAG
from spacy.lang.en.lemmatizer import EnglishLemmatizer
from spacy.pipeline import AttributeRuler
from spacy.tokens import Doc

_ATTRIBUTES = frozenset(("TAG", "DEP", "LOWER", "IS_SPACE"))
_MOST_KEPT = 50_000
_Seen = tuple[int, int, int, int]
"""What rules see of a token: tag, dependency, the word where a rule names it (else 0), whether it is white space."""
_Form = tuple[int, int, int]
"""Part of speech, morphology and lemma, as hashes of spaCy; lemma 0: no rule gives it."""
_NONE: _Seen = (0, 0, 0, 0)


class Wordforms:
    """Does what the ruler and then the lemmatizer do to a document, with the same results."""

    def __init__(self, ruler: AttributeRuler, lemmatizer: EnglishLemmatizer) -> None:
        self._ruler, self._lemmatizer = ruler, lemmatizer
        patterns = list(_patterns(ruler))
        strings = ruler.vocab.strings
        self._names_word = _namer(token for pattern in patterns for token in pattern)
        firsts = [pattern[0] for pattern in patterns if len(pattern) == 2]
        self._opens_by_word = _namer(firsts)
        self._opens_by_dep = {strings.add(token["DEP"]) for token in firsts if "LOWER" not in token}
        self._words: dict[int, tuple[int, bool]] = {}
        self._forms: dict[tuple[_Seen, _Seen, _Seen], _Form] = {}
        self._lemmas: dict[tuple[int, int, int], int] = {}

    def __call__(self, doc: Doc) -> Doc:
        rows = doc.to_array([TAG, DEP, LOWER, IS_SPACE, ORTH]).tolist()
        if any(row[3] for row in rows):  # there the rules rewrite tag and dependency too
            return self._lemmatizer(self._ruler(doc))
        keys = list(self._keys(doc, rows))
        forms = [self._forms.get(key) for key in keys]
        if None in forms:
            self._learn(doc, rows, keys)
            forms = [self._forms[key] for key in keys]
        self._write(doc, [row[4] for row in rows], [form for form in forms if form is not None])
        return doc

    def _keys(self, doc: Doc, rows: Sequence[Sequence[int]]) -> Iterator[tuple[_Seen, _Seen, _Seen]]:
        """Each token, with the one before it or behind it where a rule may take the two together."""
        words = [self._words.get(row[2]) or self._word(row[2], doc.vocab.strings) for row in rows]
        seen = [(row[0], row[1], word[0], row[3]) for row, word in zip(rows, words, strict=True)]
        opens = [word[1] or row[1] in self._opens_by_dep for row, word in zip(rows, words, strict=True)]
        last = len(seen) - 1
        for at, token in enumerate(seen):
            before = seen[at - 1] if at and opens[at - 1] else _NONE
            yield token, before, seen[at + 1] if opens[at] and at < last else _NONE

    def _word(self, word: int, strings: Any) -> tuple[int, bool]:
        """The word as rules see it, and whether it may be the first of two that a rule takes together."""
        if len(self._words) >= _MOST_KEPT:
            self._words.clear()
        text = strings[word]
        self._words[word] = made = word if self._names_word(text) else 0, self._opens_by_word(text)
        return made

    def _learn(self, doc: Doc, rows: Sequence[Sequence[int]], keys: Sequence[tuple[_Seen, _Seen, _Seen]]) -> None:
        """What is not known yet of a document's tokens: each is put to the rules between its neighbours alone."""
        if len(self._forms) + len(keys) > _MOST_KEPT:
            self._forms.clear()
        for at, key in enumerate(keys):
            if key not in self._forms:
                first = max(0, at - 1)
                near = rows[first : at + 2]
                alone = Doc(doc.vocab, [doc.vocab.strings[row[4]] for row in near], [True] * len(near))
                alone.from_array([TAG, DEP], np.array([row[:2] for row in near], dtype=np.uint64))  # type: ignore[arg-type]
                pos, morph, lemma = self._ruler(alone).to_array([POS, MORPH, LEMMA]).tolist()[at - first]
                self._forms[key] = pos, morph, lemma

    def _write(self, doc: Doc, words: Sequence[int], forms: Sequence[_Form]) -> None:
        if len(self._lemmas) >= _MOST_KEPT:
            self._lemmas.clear()
        found = [
            form[2] or self._lemmas.get((word, form[0], form[1]), 0) for word, form in zip(words, forms, strict=True)
        ]
        rows = [(pos, morph, lemma) for (pos, morph, _), lemma in zip(forms, found, strict=True)]
        if rows:
            doc.from_array([POS, MORPH, LEMMA], np.array(rows, dtype=np.uint64))  # type: ignore[arg-type]  # ids
        for at, lemma in enumerate(found):
            if not lemma:
                token = doc[at]
                token.lemma_ = self._lemmatizer.lemmatize(token)[0]
                self._lemmas[words[at], forms[at][0], forms[at][1]] = token.lemma


def quicker(steps: Sequence[Callable[[Any], Any]]) -> list[Callable[[Any], Any]]:
    """The steps of a pipeline with `Wordforms` for a ruler and a lemmatizer whose rules it can keep."""
    made = list(steps)
    for at in range(len(made) - 1):
        ruler, lemmatizer = made[at : at + 2]
        if _keeps(ruler, lemmatizer):
            _index(lemmatizer)  # type: ignore[arg-type]
            made[at : at + 2] = [Wordforms(ruler, lemmatizer)]  # type: ignore[arg-type]
            break
    return made


def _index(lemmatizer: EnglishLemmatizer) -> None:
    """Make sets of its lists of known words: it asks whether a form is among tens of thousands."""
    table = lemmatizer.lookups.get_table("lemma_index", {})
    for part, words in list(table.items()):
        if isinstance(words, list):
            table[part] = frozenset(words)


def _keeps(ruler: object, lemmatizer: object) -> bool:
    """Whether all rules look at nothing but what `Wordforms` keeps their results by."""
    if not (isinstance(ruler, AttributeRuler) and type(lemmatizer) is EnglishLemmatizer):
        return False
    if lemmatizer.mode != "rule" or lemmatizer.overwrite:
        return False
    patterns = list(_patterns(ruler))
    tokens = [token for pattern in patterns for token in pattern]
    opening = [pattern[0] for pattern in patterns if len(pattern) == 2]
    return (
        all(len(pattern) <= 2 for pattern in patterns)
        and all(set(token) <= _ATTRIBUTES and _readable(token.get("LOWER", "")) for token in tokens)
        and all("LOWER" in token or isinstance(token.get("DEP"), str) for token in opening)
    )


def _readable(condition: str | Mapping[str, Any]) -> bool:
    return isinstance(condition, str) or set(condition) <= {"IN", "NOT_IN", "REGEX"}


def _patterns(ruler: AttributeRuler) -> Iterator[Sequence[Mapping[str, Any]]]:
    for rule in ruler.patterns:
        yield from rule["patterns"]  # type: ignore[misc]


def _namer(tokens: Any) -> Callable[[str], bool]:
    """Tells whether any of the conditions names a word, by itself or by an expression."""
    words: set[str] = set()
    expressions = []
    for condition in (token["LOWER"] for token in tokens if "LOWER" in token):
        if isinstance(condition, str):
            words.add(condition)
        else:
            words.update(condition.get("IN", ()), condition.get("NOT_IN", ()))
            expressions += [re.compile(condition["REGEX"])] if "REGEX" in condition else []
    return lambda word: word in words or any(expression.search(word) for expression in expressions)
