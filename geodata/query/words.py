"""The words of a text and of a search, in any script: what the store's index of words holds, and how a search is read.

One character at a time: capitals and small letters are one, as are the ways that Unicode writes a letter; Latin and
Greek letters lose their accents (ł, ø, đ, ı are spelled l, o, d, i), Cyrillic ё is е; Arabic letters lose their vowel
signs and hamza seats, as Lucene's ArabicNormalizer has it, Hebrew ones their points; digits of any script are 0 to 9.
Apostrophes of every kind part words, so that п'ять, п’ять and пʼять are one. In scripts that are written without
spaces every character is a word of its own, and several that follow each other are a phrase.

Stores hold words folded so: where these rules change, a migration has to fold them anew.
"""

import re
import unicodedata
from collections.abc import Sequence

# Thai and Lao, Myanmar, Khmer, kana, Han with its extensions and iteration marks (Unicode 15.1, Blocks.txt).
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_IS_UNSPACED = re.compile(f"[{_UNSPACED}]")
_TOKEN = re.compile("[0-9a-z\x80-\U0010ffff]+")
_PARTS = re.compile(r'"([^"]*)"?|([^\s"]+)')
NO_WORD = " \ue000 "
"""A word that no text and no search holds: this character is folded away."""
_APOSTROPHES = frozenset("ʼʻʽˈʹʾʿ")  # those that Unicode calls letters; the others are punctuation
_SILENT = re.compile("[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed\ufe00-\ufe0f]")
"""Marks that readers leave out: accents that stand alone, Hebrew points, Arabic vowel signs and the tatweel."""
_SPELLED = str.maketrans(
    {
        **dict(zip("łøđðħıŋ", "lodthin", strict=True)),
        "ё": "е",
        **dict.fromkeys("أإآٱ", "ا"),
        **dict.fromkeys("ىی", "ي"),
        "ک": "ك",
        "ة": "ه",
    }
)


class _Folding(dict[int, str]):
    """Code point -> its folded text, filled as characters turn up; str.translate reads it."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _folded(chr(code))
        return folded


_FOLDING = _Folding()


def searchable(text: str) -> str:
    """The text with its words folded and parted by what is neither a letter nor a digit of ASCII, nor beyond ASCII.

    It is for an index whose tokenizer knows no more than that (SQLite's `ascii`), which folds A to Z itself.
    """
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", text).translate(_FOLDING)


def tokens(text: str) -> list[str]:
    """The folded words of a text, in order."""
    return _TOKEN.findall(searchable(text).lower())


def phrases(asked: str) -> list[tuple[list[str], bool]]:
    """The runs of words that a search asks for, all of them, and whether the last of a run may be a word's beginning.

    Words in double quotes are one run, found as they are. Empty: the search holds nothing that can be found ("?!").
    A word that another run holds or begins is not asked again: each costs a search, and "a a a a" is but "a".
    """
    found: list[tuple[list[str], bool]] = []
    for match in _PARTS.finditer(asked):
        phrase, word = match.groups()
        if run := tokens(phrase if word is None else word):
            asked_run = (run, word is not None and not _IS_UNSPACED.match(run[-1]))
            if asked_run not in found:
                found.append(asked_run)
    return [run for run in found if not any(_follows(run, other) for other in found if other is not run)]


def _follows(run: tuple[list[str], bool], other: tuple[list[str], bool]) -> bool:
    """Whether a run of one word stands wherever another run does."""
    (words, is_open), (others, is_other_open) = run, other
    if len(words) > 1:
        return False
    if is_open:
        return any(word.startswith(words[0]) for word in others)
    return words[0] in (others[:-1] if is_other_open else others)


def holds_words(asked: str, texts: Sequence[str]) -> bool:
    """Whether each run of words asked for stands in one of the texts; True where nothing is asked.

    False where what is asked holds no word ("?!").
    """
    if not asked.strip():
        return True
    wanted = phrases(asked)
    parts = [tokens(text) for text in texts]
    return bool(wanted) and all(any(_stands_in(words, run, open_) for words in parts) for run, open_ in wanted)


def _stands_in(words: list[str], run: list[str], is_open: bool) -> bool:
    size = len(run)
    for start in range(len(words) - size + 1):
        *firsts, last = words[start : start + size]
        if firsts == run[:-1] and (last == run[-1] or (is_open and last.startswith(run[-1]))):
            return True
    return False


def _folded(char: str) -> str:
    kind = unicodedata.category(char)
    if kind == "Cf" or _SILENT.match(char):
        return ""
    if char in _APOSTROPHES or kind[0] not in "LMN":
        return " " if not char.isascii() or not char.isalnum() else char
    plain = unicodedata.normalize("NFKC", char).casefold()
    if unicodedata.name(char, "").startswith(("LATIN", "GREEK", "FULLWIDTH LATIN")):
        plain = "".join(c for c in unicodedata.normalize("NFD", plain) if not unicodedata.combining(c))
    plain = "".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in plain.translate(_SPELLED))
    if kind[0] == "N":
        plain = "".join(str(unicodedata.decimal(c, c)) for c in plain)
    return " ".join(("", *plain, "")) if _IS_UNSPACED.match(plain) else plain
