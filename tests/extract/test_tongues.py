"""Place names in other languages: what the rules keep and drop, and how much of our own sentences they find."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from geodata.errors import SetupError
from geodata.extract.language import detect
from geodata.extract.story import Story, paragraphs
from geodata.extract.tongues import find_by_gazetteer, known_languages, tongue_of
from geodata.geocode.matcher import AutomatonMatcher
from geodata.model import Document, NameMatch, Span
from geodata.settings import Settings

SENTENCES = Path(__file__).with_name("tongues")
_MARK = re.compile(r"\[\[(.+?)\]\]")


class Names:
    """Satisfies contracts.NameMatcher: these names and no other, wherever they stand as whole words."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        self._weights = weights

    def matches(self, text: str) -> Sequence[NameMatch]:
        found = [
            NameMatch(Span(match.start(), match.end()), name, weight)
            for name, weight in self._weights.items()
            for match in re.finditer(rf"(?<!\w){name}(?!\w)", text)
        ]
        return sorted(found, key=lambda match: match.span)


KNOWN = {
    "La Victoria": 0.6,
    "Victoria": 0.6,
    "López": 0.3,
    "Madrid": 0.85,
    "Tours": 0.7,
    "Ukraine": 0.9,
    "Essen": 0.8,
    "Ankara": 0.85,
    "Warszawa": 0.85,
    "دمشق": 0.85,
    "الباب": 0.65,
    "Київ": 0.85,
    "Києва": 0.85,
}


def names(language: str, text: str, matcher: Names) -> list[str]:
    return [t.text for t in find_by_gazetteer(Story(Document("d", text), language, paragraphs(text)), matcher)]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("es", "Vive en La Victoria desde mayo.", ["La Victoria"]),
        ("es", "La Victoria llegó tarde.", []),
        ("es", "Victoria López llegó tarde.", []),
        ("es", "El Real Madrid ganó.", []),
        ("es", "Ganó en Madrid.", ["Madrid"]),
        ("fr", "Il habite à Tours.", ["Tours"]),
        ("fr", "Tours et détours.", []),
        ("fr", "La guerre en Ukraine et le nord de l'Ukraine.", ["Ukraine", "Ukraine"]),
        ("de", "Essen ist fertig.", []),
        ("de", "Er wohnt in Essen.", ["Essen"]),
        ("tr", "Ankara'da iki kişi öldü.", ["Ankara"]),
        ("pl", "Wybuch w Warszawie.", ["Warszawie"]),
        ("ar", "عقد الاجتماع بدمشق ودمشق هادئة.", ["دمشق", "دمشق"]),
        ("ar", "فتح الباب ودخل.", []),
        ("ar", "دخل الجيش مدينة الباب.", ["الباب"]),
        ("uk", "Олександр Київ прибув.", []),
        ("uk", "Голова Києва Олександр Вілкул прибув.", ["Києва"]),
        ("uk", "НАСТУП НА КИЇВ ТА ЛЬВІВ ТРИВАЄ ТРЕТІЙ ДЕНЬ", ["КИЇВ"]),
    ],
)
def test_rules(language: str, text: str, expected: list[str]) -> None:
    assert names(language, text, Names(KNOWN)) == expected


@pytest.mark.parametrize(
    ("language", "text", "near"),
    [
        ("es", "Una explosión cerca de Madrid.", True),
        ("es", "Una explosión en Madrid.", False),
        ("fr", "Une explosion près de Paris.", True),
        ("uk", "Вибух неподалік від міста Київ.", True),
        ("ru", "Взрыв в пригороде города Киев.", True),
        ("ar", "انفجار قرب مدينة دمشق", True),
        ("ar", "انفجار في دمشق", False),
    ],
)
def test_near(language: str, text: str, near: bool) -> None:
    matcher = Names(dict.fromkeys(("Madrid", "Paris", "Київ", "Киев", "دمشق"), 0.9))
    (toponym,) = find_by_gazetteer(Story(Document("d", text), language, paragraphs(text)), matcher)
    assert toponym.near is near


def test_every_language_with_lists_has_all_that_the_rules_ask() -> None:
    for language in known_languages():
        tongue = tongue_of(language)
        assert tongue.stop, language
        assert tongue.given, language
        assert tongue.located.search("") is None


@pytest.fixture(scope="module")
def gazetteer() -> AutomatonMatcher:
    try:
        return AutomatonMatcher.open(Settings.from_environment().gazetteer_path)
    except SetupError as error:
        pytest.skip(f"needs the built gazetteer: {error}")


def marked(language: str) -> Iterator[tuple[str, set[tuple[int, int]]]]:
    """Our sentences of a language, and the spans that are marked in them."""
    for line in (SENTENCES / f"{language}.txt").read_text(encoding="utf-8").splitlines():
        text, spans, at = "", set(), 0
        for mark in _MARK.finditer("" if line.startswith("#") else line):
            text += line[at : mark.start()]
            spans.add((len(text), len(text) + len(mark[1])))
            text, at = text + mark[1], mark.end()
        if line and not line.startswith("#"):
            yield text + line[at:], spans


@pytest.mark.parametrize("language", sorted(path.stem for path in SENTENCES.glob("*.txt")))
def test_our_sentences(language: str, gazetteer: AutomatonMatcher) -> None:
    """The sentences were known when the lists were written: a floor against loss, not a measure of new text."""
    hits = found = gold = 0
    for text, spans in marked(language):
        story = Story(Document("d", text), language, paragraphs(text))
        made = {(t.span.start, t.span.end) for t in find_by_gazetteer(story, gazetteer)}
        hits, found, gold = hits + len(made & spans), found + len(made), gold + len(spans)
    assert hits / found >= 0.85
    assert hits / gold >= 0.85


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("وقع انفجار في بغداد صباح اليوم.", "ar"),
        ("این خبر مهم است و گزارش شد", "fa"),
        ("北京今天下雨", "zh"),
        ("Войска отошли от Купянска к Сватово.", "ru"),
        ("З Херсона евакуювали сорок людей.", "uk"),
        ("Une explosion a frappé Beyrouth lundi soir.", "fr"),
        ("İstanbul'da bir bomba patladı.", "tr"),
        ("Soviet soldiers capture Berlin", "en"),
        ("Kherson, Bakhmut, Melitopol", "en"),
        ("Şırnak, Łódź and Kraków were quiet, the mayor said on Monday.", "en"),
    ],
)
def test_language_of_a_line(text: str, code: str) -> None:
    assert detect(text) == code
