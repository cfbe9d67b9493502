"""Names found in running text: whole words, capitals, longest first, offsets in the text as given."""

import pytest

from geodata.geocode.matcher import AutomatonMatcher


def found(matcher: AutomatonMatcher, text: str) -> list[tuple[str, str]]:
    return [(match.span.of(text), match.name) for match in matcher.matches(text)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Fire in Melitopol.", ["Melitopol"]),
        ("melitopol is no name in small letters", []),
        ("Melitopolian streets", []),
        ("MELITOPOL (REUTERS)", ["MELITOPOL"]),
        ("Melitopol's museum", ["Melitopol"]),
        ("Melitopol’s museum", ["Melitopol"]),
        ("pro-Kherson and Kherson-based", ["Kherson", "Kherson"]),
        ("the Black Sea fleet", ["Black Sea"]),
        ("Black. Sea", []),
        ("Kherson Oblast and Kherson", ["Kherson Oblast", "Kherson"]),
        ("help us now", []),
        ("the US and the U.S. army", ["US", "U.S."]),
        ("Ukrainian troops", []),
        ("Of the men", []),
        ("在上海的", ["上海"]),
        ("ﬁre; Ærø 🙂 Kyiv!", ["Kyiv"]),
        ("Slov’yans’k and Sloviansk", ["Slov’yans’k", "Sloviansk"]),
        ("", []),
        ("\x00\x01 \ud800", []),
        ("x" * 10_000, []),
    ],
)
def test_matches(matcher: AutomatonMatcher, text: str, names: list[str]) -> None:
    assert [written for written, _ in found(matcher, text)] == names


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("Вибух у Мелітополі", [("Мелітополі", "Мелітополь")]),
        ("бої під Бахмутом", [("Бахмутом", "Бахмут")]),
        ("обстріл у Херсоні та Харкові", [("Херсоні", "Херсон"), ("Харкові", "Харків")]),
        ("взрыв в Мелитополе", [("Мелитополе", "Мелитополь")]),
        ("села Донецької області", [("Донецької області", "Донецька область")]),
        ("біля Києва", [("Києва", "Київ")]),
        ("Після обстрілу. Нове село", []),
    ],
)
def test_inflected_names_come_back_in_the_nominative(
    matcher: AutomatonMatcher, text: str, pairs: list[tuple[str, str]]
) -> None:
    assert found(matcher, text) == pairs


def test_weights_tell_places_from_everyday_words(matcher: AutomatonMatcher) -> None:
    weights = {match.name: match.weight for match in matcher.matches("Nice. Ukraine. Kherson. Melitopol.")}
    assert weights["Nice"] < 0.5 < weights["Melitopol"] <= weights["Kherson"] < weights["Ukraine"] <= 1


def test_a_preposition_raises_and_a_title_lowers(matcher: AutomatonMatcher) -> None:
    plain, after_in, after_mr = (
        matcher.matches(text)[0].weight for text in ("the Kherson", "in Kherson", "Mr Kherson")
    )
    assert after_mr < plain < after_in


def test_a_long_text_is_quick_and_keeps_offsets(matcher: AutomatonMatcher) -> None:
    text = "Наступ під Бахмутом. The ﬁght near Kherson went on. " * 2_000
    matches = matcher.matches(text)
    assert len(matches) == 4_000
    assert {match.span.of(text) for match in matches} == {"Бахмутом", "Kherson"}


def test_an_acronym_is_hardly_a_town(matcher: AutomatonMatcher) -> None:
    amid, alone = matcher.matches("The NICE study")[0].weight, matcher.matches("A Nice study")[0].weight
    assert amid < alone / 2
    assert matcher.matches("KYIV (REUTERS)")[0].weight > 0.5
