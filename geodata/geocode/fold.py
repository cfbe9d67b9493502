"""Names and texts reduced to a common form, so that spellings of one name meet.

The rules, one character at a time so that offsets into the original survive: compatibility decomposition (NFKD), marks
stripped, casefold; letters that do not decompose are spelled out (ł -> l, ø -> o, ı -> i); every apostrophe and sign
written like one (' ’ ʼ ` ′) vanishes; hyphens, punctuation and controls part words; dots inside an acronym vanish
(U.S. -> us); an English possessive 's is a word of its own. Scripts without spaces are parted into single characters.
"""

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

APOSTROPHES = frozenset("'’‘ʼʻ`´′ʹʺ″ʽˈʾʿ＇՚")
_SPELLED = {
    "ł": "l",
    "ø": "o",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "æ": "ae",
    "œ": "oe",
    "ı": "i",
    "ħ": "h",
    "ŋ": "n",
    "ə": "a",
}
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_TOKEN = re.compile(rf"[{_UNSPACED}]|[^ .](?:\.[^ .])+\.?(?![^ .])|[^ .{_UNSPACED}]+")
_POSSESSIVE = re.compile(r"['’ʼ＇](?=[sS](?!\w))")
_JOINABLE = re.compile(r"[ \t\u00a0]?[-‐‑–' ’]?[ \t\u00a0]?|\n(?=\S)")
_KEPT = frozenset(("Lu", "Ll", "Lt", "Lo", "Nd", "Nl", "No", "Mc"))
LONGEST_NAME = 200
"""Characters of a name that are looked at; no place name is longer."""


class _Folding(dict[int, str]):
    """Code point -> its folded text, filled as characters turn up; str.translate reads it."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _fold_char(chr(code))
        return folded


def _fold_char(char: str) -> str:
    if char in APOSTROPHES:
        return ""
    if char == ".":
        return "."
    kind = unicodedata.category(char)
    if kind in ("Mn", "Cf", "Lm", "Me"):
        return ""
    if kind[0] in "PSZC":
        return " "
    plain = _letters(_letters(char).casefold())
    return unicodedata.normalize("NFC", "".join(_SPELLED.get(c, c) for c in plain))


def _letters(text: str) -> str:
    """The decomposed text without its marks: letters, digits, and the vowel signs that stand beside their letter."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if unicodedata.category(c) in _KEPT)


FOLDING = _Folding()


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a text: its folded form and where it stands in the original, in code points."""

    folded: str
    start: int
    end: int


@lru_cache(maxsize=20_000)
def fold(name: str) -> str:
    """The key a name is stored and looked up under; empty where nothing of it is a letter or digit."""
    name = _POSSESSIVE.sub(" ", name[:LONGEST_NAME])
    return " ".join(word.replace(".", "") for word in _TOKEN.findall(name.translate(FOLDING)))


def tokens(text: str) -> list[Token]:
    """The words of a text, in order, with their offsets in it."""
    text = _POSSESSIVE.sub(" ", text)
    folded = text.translate(FOLDING)
    places = _Offsets(text)
    found = []
    for match in _TOKEN.finditer(folded):
        word = match.group()
        start, last = places.original(match.start()), places.original(match.end() - 1)
        found.append(Token(word.replace(".", ""), start, last + 1))
    return found


def joinable(gap: str) -> bool:
    """Whether two words with `gap` between them can be one name: a space, a hyphen or a line break, but no comma."""
    return _JOINABLE.fullmatch(gap) is not None


class _Offsets:
    """Maps an index in folded text back to the index in the original."""

    def __init__(self, text: str) -> None:
        odd = {char for char in set(text) if len(FOLDING[ord(char)]) != 1}
        self._at = [0]
        self._shift = [0]
        if not odd:
            return
        shift = 0
        for match in re.finditer("[" + re.escape("".join(sorted(odd))) + "]", text):
            length = len(FOLDING[ord(match.group())])
            first = match.start() - shift  # where it stands in the folded text
            for step in range(1, length):  # every letter of an expansion belongs to the one original character
                self._at.append(first + step)
                self._shift.append(shift - step)
            shift -= length - 1
            self._at.append(first + length)
            self._shift.append(shift)
        self._order()

    def _order(self) -> None:
        """Keeps the last shift said of each index: runs of vanished characters share one."""
        last = dict(zip(self._at, self._shift, strict=True))
        self._at, self._shift = list(last), list(last.values())

    def original(self, index: int) -> int:
        return index + self._shift[bisect_right(self._at, index) - 1]


def is_cased(char: str) -> bool:
    """Whether the character's script tells capitals from small letters."""
    return char.lower() != char.upper()
