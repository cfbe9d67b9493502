"""Words of any script: how they fold, and how a search is read."""

import pytest

from geodata.query.words import holds_words, phrases, tokens


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Armed CLASH near O'Neill", ["armed", "clash", "near", "o", "neill"]),
        ("São Tomé, Łódź, Diyarbakır, Straße", ["sao", "tome", "lodz", "diyarbakir", "strasse"]),
        ("Sa\u0303o", ["sao"]),
        ("İstanbul ΑΘΉΝΑ", ["istanbul", "αθηνα"]),
        ("Київ КИЇВ", ["київ", "київ"]),
        ("ёлка Ёлка", ["елка", "елка"]),
        ("п'ять п’ять пʼять", ["п", "ять", "п", "ять", "п", "ять"]),
        ("القَاهِرَة القاهرة", ["القاهره", "القاهره"]),
        ("أحمد إبراهيم آدم علـــي علی", ["احمد", "ابراهيم", "ادم", "علي", "علي"]),
        ("שָׁלוֹם", ["שלום"]),
        ("हिन्दी समाचार", ["हिन्दी", "समाचार"]),
        ("北京爆炸 人々", ["北", "京", "爆", "炸", "人", "々"]),
        ("バフムート", ["バ", "フ", "ム", "ー", "ト"]),
        ("Kherson附近", ["kherson", "附", "近"]),
        ("서울 시위", ["서울", "시위"]),
        ("٢٠٢٢ ２０２２ ½", ["2022", "2022", "1", "2"]),
        ("soft\u00adhyphen zero\u200bwidth", ["softhyphen", "zerowidth"]),
        ("a_b-c/d\0e", ["a", "b", "c", "d", "e"]),
        ("🔥 — \ue000", []),
    ],
)
def test_words_fold(text: str, words: list[str]) -> None:
    assert tokens(text) == words


@pytest.mark.parametrize(
    ("asked", "runs"),
    [
        ("bakh trench", [(["bakh"], True), (["trench"], True)]),
        ('"at dawn" x', [(["at", "dawn"], False), (["x"], True)]),
        ('"open phrase', [(["open", "phrase"], False)]),
        ("at-dawn", [(["at", "dawn"], True)]),
        ("北京 2022", [(["北", "京"], False), (["2022"], True)]),
        ('?! "" "..."', []),
        ("a A a á", [(["a"], True)]),
        ("a attack at in", [(["attack"], True), (["in"], True)]),
        ('"at" at', [(["at"], False)]),
        ('at "dawn" "at dawn"', [(["at", "dawn"], False)]),
        ('"at" "dawn" at-dawn', [(["dawn"], False), (["at", "dawn"], True)]),
    ],
)
def test_a_search_is_read(asked: str, runs: list[tuple[list[str], bool]]) -> None:
    assert phrases(asked) == runs


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", True),
        ("  ", True),
        ("?!", False),
        ("clas arm", True),
        ("lash", False),
        ('"armed clash"', True),
        ('"armed clas"', False),
        ('"clash bakhmut"', False),
        ("armed-clas", True),
        ("京爆", True),
        ("爆京", False),
    ],
)
def test_words_are_held(asked: str, found: bool) -> None:
    assert holds_words(asked, ("Armed clash", "Bakhmut 北京爆炸")) is found
