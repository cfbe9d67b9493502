"""Words and pieces of a parsed paragraph answer as spaCy's tokens and spans do."""

from itertools import combinations

import pytest
import spacy

from geodata.extract.parsed import Parsed, Strings
from geodata.settings import Settings

TEXTS = [
    "Troops who had shelled the towns near the river on Monday, officials said, withdrew. There were no dead.",
    'A hearing is scheduled on the issue today: "What did the U.S. say?", he asked  (twice)…',
    " The 12-year-old's   school  burnt ",
    "Flooding",
    "",
]
VALUES = ("i", "idx", "text", "lower_", "lemma_", "pos_", "tag_", "dep_", "ent_type_", "ent_iob_", "is_punct")


@pytest.fixture(scope="module")
def nlp():  # type: ignore[no-untyped-def]
    return spacy.load(Settings.from_environment().spacy_model)


@pytest.fixture(params=TEXTS)
def both(nlp, request):  # type: ignore[no-untyped-def]
    doc = nlp(request.param)
    return Parsed(doc, Strings(nlp.vocab.strings)), doc


def test_words(both):  # type: ignore[no-untyped-def]
    parsed, doc = both
    assert len(parsed) == len(doc)
    for word, token in zip(parsed.words, doc, strict=True):
        assert [getattr(word, name) for name in VALUES] == [getattr(token, name) for name in VALUES]
        assert (len(word), bool(word.is_sent_start)) == (len(token), bool(token.is_sent_start))
        assert (word.head.i, word.left_edge.i) == (token.head.i, token.left_edge.i)
        for name in ("children", "lefts", "rights", "subtree", "ancestors"):
            assert [other.i for other in getattr(word, name)] == [other.i for other in getattr(token, name)], name
        assert (word.sent.start, word.sent.end) == (token.sent.start, token.sent.end)
        assert [word.is_ancestor(other) for other in parsed.words] == [token.is_ancestor(other) for other in doc]


def test_sentences_and_pieces(both):  # type: ignore[no-untyped-def]
    parsed, doc = both
    assert _spans(parsed.sents) == _spans(doc.sents)
    for start, end in combinations(range(len(doc) + 1), 2):
        assert _spans([parsed[start:end]]) == _spans([doc[start:end]])


def test_words_around_characters(both):  # type: ignore[no-untyped-def]
    parsed, doc = both
    for start, end in combinations(range(len(doc.text) + 2), 2):
        expected = doc.char_span(start, end, alignment_mode="expand")
        found = parsed.around(start, end)
        assert (found is None) == (expected is None)
        if found is not None and len(found):
            assert (found.start, found.end, found.root.i) == (expected.start, expected.end, expected.root.i)


def _spans(spans):  # type: ignore[no-untyped-def]
    return [(s.start, s.end, s.start_char, s.end_char, s.text, s.root.i, [t.i for t in s]) for s in spans]


def test_strings_are_kept_within_bounds(nlp, monkeypatch):  # type: ignore[no-untyped-def]
    monkeypatch.setattr("geodata.extract.parsed._MOST_KEPT", 3)
    doc = nlp(TEXTS[0])
    strings = Strings(nlp.vocab.strings)
    assert [word.text for word in Parsed(doc, strings).words] == [token.text for token in doc]
    assert len(strings) <= 3


def test_a_chain_of_thousands_of_words(nlp):  # type: ignore[no-untyped-def]
    count = 3_000
    doc = spacy.tokens.Doc(
        nlp.vocab, ["and"] * count, heads=[max(0, n - 1) for n in range(count)], deps=["conj"] * count
    )
    parsed = Parsed(doc, Strings(nlp.vocab.strings))
    assert [word.i for word in parsed[0].subtree] == list(range(count))
    assert (parsed[count - 1].left_edge.i, len(list(parsed[count - 1].ancestors))) == (count - 1, count - 1)
