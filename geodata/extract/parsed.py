"""A parsed paragraph as plain objects: its words are asked hundreds of times, and spaCy makes each answer anew.

`Word`, `Sentence` and `Piece` answer to spaCy's own names (Token, Span) with the same values.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, overload

from spacy.attrs import DEP, ENT_IOB, ENT_TYPE, HEAD, IDX, IS_PUNCT, LEMMA, LOWER, ORTH, POS, SENT_START, SPACY, TAG

if TYPE_CHECKING:
    from spacy.strings import StringStore
    from spacy.tokens import Doc

_COLUMNS = [ORTH, LOWER, LEMMA, POS, TAG, DEP, ENT_TYPE, ENT_IOB, IS_PUNCT, HEAD, SENT_START, IDX, SPACY]
_IOB = ("", "I", "O", "B")
_MOST_KEPT = 100_000


class Strings(dict[int, str]):
    """spaCy's strings by their hashes, those met before without asking it."""

    def __init__(self, store: "StringStore") -> None:
        super().__init__()
        self._store = store

    def __missing__(self, key: int) -> str:
        if len(self) >= _MOST_KEPT:
            self.clear()
        self[key] = text = self._store[key]
        return text


class Word:
    """A word of a paragraph; `i` is its number there, `idx` its offset. `children` stand in the order of the text."""

    __slots__ = (
        *("doc", "i", "idx", "text", "lower_", "lemma_", "pos_", "tag_", "dep_", "ent_type_", "ent_iob_"),
        *("is_punct", "is_sent_start", "head", "children", "spaced"),
    )
    doc: "Parsed"
    i: int
    idx: int
    text: str
    lower_: str
    lemma_: str
    pos_: str
    tag_: str
    dep_: str
    ent_type_: str
    ent_iob_: str
    is_punct: bool
    is_sent_start: bool
    head: "Word"
    children: list["Word"]
    spaced: int
    """1 where a space follows."""

    def __len__(self) -> int:
        return len(self.text)

    @property
    def lefts(self) -> list["Word"]:
        return [child for child in self.children if child.i < self.i]

    @property
    def rights(self) -> list["Word"]:
        return [child for child in self.children if child.i > self.i]

    @property
    def subtree(self) -> Iterator["Word"]:
        """The word and all that hangs on it: what hangs before it, itself, what hangs behind it."""
        waiting: list[tuple[Word, bool]] = [(self, False)]  # no recursion: a sentence may be a chain of thousands
        while waiting:
            word, is_opened = waiting.pop()
            if is_opened or not word.children:
                yield word
                continue
            waiting += [(child, False) for child in reversed(word.children) if child.i > word.i]
            waiting.append((word, True))
            waiting += [(child, False) for child in reversed(word.children) if child.i < word.i]

    @property
    def left_edge(self) -> "Word":
        """The first word of all that hangs on it."""
        return min(self.subtree, key=lambda word: word.i)

    @property
    def ancestors(self) -> Iterator["Word"]:
        """What it hangs on, from its head up."""
        word = self
        while word.head is not word:
            word = word.head
            yield word

    def is_ancestor(self, other: "Word") -> bool:
        return any(word is self for word in other.ancestors)

    @property
    def sent(self) -> "Piece":
        return next(sentence for sentence in self.doc.sents if sentence.start <= self.i < sentence.end)


class Piece:
    """Words of a paragraph in a row, such as a sentence: numbers `start` to `end`, the end excluded."""

    __slots__ = ("doc", "end", "start")

    def __init__(self, doc: "Parsed", start: int, end: int) -> None:
        self.doc, self.start, self.end = doc, start, end

    def __iter__(self) -> Iterator[Word]:
        return iter(self.doc.words[self.start : self.end])

    def __len__(self) -> int:
        return self.end - self.start

    @property
    def start_char(self) -> int:
        return self.doc.words[self.start].idx

    @property
    def end_char(self) -> int:
        last = self.doc.words[self.end - 1]
        return last.idx + len(last.text)

    @property
    def text(self) -> str:
        return self.doc.text[self.start_char : self.end_char] if self.end > self.start else ""

    @property
    def root(self) -> Word:
        """The word that the others hang on: of several, the nearest to the sentence's own."""
        words = self.doc.words[self.start : self.end]
        for word in words:
            if word.head is word:
                return word
        outer = [word for word in words if not self.start <= word.head.i < self.end]
        return min(outer, key=self._depth, default=words[0])

    def _depth(self, word: Word) -> int:
        """Steps up to the root of the sentence; a bare mark comes last."""
        if not word.children and (word.is_punct or word.text.isspace()):
            return len(self.doc.words)
        return sum(1 for _ in word.ancestors)


class Parsed:
    """A paragraph's words and sentences. `places`: numbers of the words that belong to a place name."""

    __slots__ = ("_at", "places", "sents", "text", "words")

    def __init__(self, doc: "Doc", strings: Strings) -> None:
        self.text = doc.text
        self.places: set[int] = set()
        self.words = _words(self, doc, strings)
        self._at = [word.idx for word in self.words]
        starts = [0, *(word.i for word in self.words[1:] if word.is_sent_start), len(self.words)]
        self.sents = [Piece(self, start, end) for start, end in pairwise(starts) if end > start]

    def __len__(self) -> int:
        return len(self.words)

    @overload
    def __getitem__(self, at: int) -> Word: ...
    @overload
    def __getitem__(self, at: slice) -> Piece: ...
    def __getitem__(self, at: int | slice) -> Word | Piece:
        if isinstance(at, int):
            return self.words[at]
        start, end, _ = at.indices(len(self.words))
        return Piece(self, start, max(start, end))

    def around(self, start: int, end: int) -> Piece | None:
        """The words that hold the characters from `start` to `end`; None beyond the text."""
        first, last = self._holding(start), self._holding(end - 1)
        if first is None or last is None:
            return None
        word = self.words[first]
        first += start == word.idx + len(word.text)  # a space is nobody's
        return Piece(self, first, last + 1)

    def _holding(self, offset: int) -> int | None:
        at = bisect_right(self._at, offset) - 1
        if at < 0:
            return None
        word = self.words[at]
        return at if offset < word.idx + len(word.text) + word.spaced else None


def _words(parsed: Parsed, doc: "Doc", strings: Strings) -> list[Word]:
    made: list[Word] = []
    heads: list[int] = []
    columns: Any = doc.to_array(_COLUMNS).astype("int64").T.tolist() if len(doc) else [()] * len(_COLUMNS)
    *hashes, iobs, marks, ups, starts, offsets, spaces = columns
    named: Sequence[list[str]] = [[strings[key & _WHOLE] for key in column] for column in hashes]
    for i, values in enumerate(zip(*named, iobs, marks, ups, starts, offsets, spaces, strict=True)):
        word = Word()
        word.doc, word.i = parsed, i
        word.text, word.lower_, word.lemma_, word.pos_, word.tag_, word.dep_, word.ent_type_ = values[:7]
        iob, mark, up, start, word.idx, word.spaced = values[7:]
        word.ent_iob_, word.is_punct, word.is_sent_start = _IOB[iob], bool(mark), start == 1
        word.children = []
        heads.append(i + up)
        made.append(word)
    for word, head in zip(made, heads, strict=True):
        word.head = made[head]
        if head != word.i:
            made[head].children.append(word)
    return made


_WHOLE = (1 << 64) - 1
"""Makes of a signed number the unsigned one that spaCy's hashes are."""
