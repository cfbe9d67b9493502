"""Finds names of the gazetteer in running text: whole words, the longest match, capitals where the script has them.

Satisfies contracts.NameMatcher. Ukrainian and Russian case endings are taken off word by word; `name` of such a match
is its nominative. Offsets are code points of the text as given.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import ahocorasick

from geodata.errors import SetupError
from geodata.geocode.fold import Token, fold, is_cased, joinable, tokens
from geodata.geocode.inflection import word_forms
from geodata.geocode.swap import WordsDiffer, stamp_of, words_mark
from geodata.geocode.wordlist import everyday_words, load_wordlist, names_path, unpack
from geodata.model import NameMatch, Span

MOST_INFLECTED_WORDS = 3
_LONGEST_ACRONYM = 5
_ACRONYM = 0.25
"""What is left of a name's weight where it stands in capitals amid other text: HIV is no town, BAGHDAD may be."""
_PREPOSITIONS = frozenset(
    [
        "in",
        "at",
        "near",
        "from",
        "to",
        "around",
        "outside",
        "inside",
        "toward",
        "towards",
        "of",
        "across",
        "throughout",
        "between",
        "into",
        "via",
        "в",
        "у",
        "во",
        "під",
        "под",
        "біля",
        "возле",
        "около",
        "на",
        "з",
        "із",
        "до",
        "из",
        "от",
        "над",
        "за",
        "поблизу",
        "через",
        "між",
        "между",
        "з-під",
    ]
)
_TITLES = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "miss",
        "dr",
        "prof",
        "sir",
        "president",
        "minister",
        "general",
        "colonel",
        "captain",
        "judge",
        "senator",
        "mayor",
    ]
)
_AREA_WORDS = frozenset(
    [
        "region",
        "oblast",
        "province",
        "state",
        "district",
        "county",
        "raion",
        "governorate",
        "prefecture",
        "area",
        "область",
        "області",
        "областю",
        "областей",
        "областью",
        "области",
        "район",
        "району",
        "районі",
        "районе",
        "района",
    ]
)
_ARTICLES = frozenset(["al", "el", "ad", "an", "ar", "as", "ash", "at", "az"])
_SENTENCE_END = frozenset(".!?…\n")


@dataclass(frozen=True, slots=True)
class _Found:
    first: int
    last: int
    weight: float
    name: str


class AutomatonMatcher:
    """The names of a gazetteer's word list, looked for all at once."""

    def __init__(self, automaton: ahocorasick.Automaton) -> None:
        self._automaton = automaton

    @classmethod
    def open(cls, gazetteer: Path, mark: str = "") -> "AutomatonMatcher":
        """The word list beside a gazetteer file; with a `mark`, only the list that has it.

        SetupError where it is missing or broken; WordsDiffer where it is another.
        """
        path = names_path(gazetteer)
        if not path.is_file():
            raise SetupError(f"there is no word list at {path}; run `make setup`")
        try:
            found, before = words_mark(path), stamp_of(path)
            opened = cls(load_wordlist(path))
            if (mark and found != mark) or stamp_of(path) != before:
                raise WordsDiffer(
                    f"{path} is not the word list of {gazetteer}; run `python -m geodata gazetteer build`"
                )
            return opened
        except (OSError, ValueError, EOFError) as error:
            raise SetupError(f"{path} is no word list ({error}); run `make setup`") from error

    def matches(self, text: str) -> Sequence[NameMatch]:
        """Names in text order, none overlapping another."""
        words = tokens(text)
        if not words or not len(self._automaton):
            return []
        joins = [joinable(text[a.end : b.start]) for a, b in pairwise(words)]
        found = [*self._written(text, words, joins), *self._inflected(text, words, joins)]
        found.sort(key=lambda f: (f.first, -f.last, -f.weight))
        kept: list[NameMatch] = []
        taken = -1
        for match in found:
            if match.first > taken:
                taken = match.last
                span = Span(words[match.first].start, words[match.last].end)
                weight = _in_context(text, words, match)
                kept.append(NameMatch(span, match.name or span.of(text), round(weight, 3)))
        return kept

    def _written(self, text: str, words: list[Token], joins: list[bool]) -> Iterator[_Found]:
        """Names just as the word list has them."""
        pieces, starts, ends, at = [], {}, {}, 0
        mixed = not text.isupper()
        for number, word in enumerate(words):
            gap = " " if number == 0 or joins[number - 1] else "\n "
            pieces.append(gap + word.folded)
            starts[at + len(gap) - 1] = number
            at += len(gap) + len(word.folded)
            ends[at - 1] = number
        for end, value in self._automaton.iter("".join(pieces)):
            last = ends.get(end)
            if last is None:
                continue
            length, weight, capitals_only = unpack(value)
            first = starts.get(end - length + 1)
            if first is not None and _capitalised(text, words, first, last, capitals_only):
                acronym = mixed and not capitals_only and _is_acronym(text[words[first].start : words[last].end])
                yield _Found(first, last, weight * _ACRONYM if acronym else weight, "")

    def _inflected(self, text: str, words: list[Token], joins: list[bool]) -> Iterator[_Found]:
        """Cyrillic names in another case than the word list's, one to three words long."""
        for first, word in enumerate(words):
            start = text[word.start]
            if not ("\u0400" <= start <= "\u052f" and start.isupper()):
                continue
            for last in range(first, min(first + MOST_INFLECTED_WORDS, len(words))):
                if last > first and not joins[last - 1]:
                    break
                if _capitalised(text, words, first, last, False):
                    yield from self._nominative(text, words, first, last)

    def _nominative(self, text: str, words: list[Token], first: int, last: int) -> Iterator[_Found]:
        written = [text[word.start : word.end] for word in words[first : last + 1]]
        key = fold(" ".join(written))
        if key in everyday_words() or " " + key in self._automaton:
            return
        best: tuple[float, str] = (0.0, "")
        for form in word_forms(written):
            value = self._automaton.get(" " + fold(form), None)
            if value is not None:
                best = max(best, (unpack(value)[1] * 0.95, form))
        opens = first == 0 or text[words[first - 1].end : words[first].start].strip()[-1:] in _SENTENCE_END
        if best[1] and not (opens and last == first and best[0] < 0.5):
            yield _Found(first, last, *best)


def _capitalised(text: str, words: list[Token], first: int, last: int, capitals_only: bool) -> bool:
    """Whether the words are written as a name: first and last with a capital, in scripts that have them."""
    start = text[words[first].start : words[first].end]
    if capitals_only:
        letters = [c for c in text[words[first].start : words[last].end] if c.isalpha()]
        return all(c.isupper() or not is_cased(c) for c in letters)
    if is_cased(start[0]) and not start[0].isupper() and not _article(text, words, first, last):
        return False
    end = words[last]
    letter = text[end.start]
    return not is_cased(letter) or letter.isupper() or (last > first and end.folded in _AREA_WORDS)


def _is_acronym(written: str) -> bool:
    return len(written) <= _LONGEST_ACRONYM and written.isupper() and written.isascii()


def _article(text: str, words: list[Token], first: int, last: int) -> bool:
    """Whether a name begins with a small article joined to a capital: al-Bab, ash-Shaddadi, d'Ivoire."""
    word = text[words[first].start : words[first].end]
    if len(word) > 2 and word[1] in "'’" and word[2].isupper():
        return True
    return last > first and words[first].folded in _ARTICLES and "-" in text[words[first].end : words[first + 1].start]


def _in_context(text: str, words: list[Token], match: _Found) -> float:
    """The weight, moved by the word before: a preposition raises it, a title or first name lowers it."""
    first = match.first
    if first == 0:
        return match.weight * (0.6 if words[0].folded in everyday_words() else 1.0)
    before = words[first - 1]
    gap = text[before.end : words[first].start]
    if gap.strip():
        return match.weight
    if before.folded in _PREPOSITIONS:
        return 1 - (1 - match.weight) * 0.7
    if before.folded in _TITLES:
        return match.weight * 0.4
    return match.weight
