"""Texts that are no stories: no crash, no hang, nothing that points outside the text."""

import time
from datetime import date

import pytest

from geodata.errors import SetupError
from geodata.event_types import load_event_types
from geodata.extract import make_extractor
from geodata.extract.language import detect
from geodata.model import Document
from geodata.settings import Settings

TEXTS = {
    "empty": "",
    "blank": " \n\t\n ",
    "one word": "Bomb",
    "control characters": "A bomb\x00 exploded\x07 in \u200bKherson\ufeff on Monday.\x1b[0m",
    "lone surrogate": "A bomb exploded in Kherson \ud800 on Monday.",
    "template marks": "A bomb exploded in ${Kherson} </script><script>alert(1)</script> on Monday.",
    "table": "Place | Dead | Date\nKherson | 3 | 11.11.2022\nBakhmut | 4 | 31.02.2022\n",
    "list": "- shelling in Kherson\n- blast in Lviv on Monday\n1) protest in Nairobi\n",
    "no spaces": "A" * 30_000,
    "brackets": "(" * 1_000 + ")" * 1_000,
    "numbers": "11 12 13 14.15.16 2022 " * 400,
    "three hundred places": " ".join(f"Shells hit Kherson and Bakhmut on {n % 28 + 1} May." for n in range(150)),
    "emoji": "💥 Explosion in Kherson 💥 on Monday 🙏🏽",
    "mixed scripts": "Вибух у Херсоні. An explosion in Kherson. انفجار في خيرسون",
    "dashes": "— " * 3_000,
    "commas": "Kherson, " * 2_000,
}


@pytest.mark.parametrize("name", TEXTS)
def test_nothing_breaks(read, name: str) -> None:
    text = TEXTS[name]
    began = time.monotonic()
    made = read(text)
    assert time.monotonic() - began < 20
    for toponym in made.toponyms:
        assert toponym.span.of(text) == toponym.text
    for draft in made.drafts:
        assert draft.quote.covers(draft.trigger)
        assert 0 <= draft.quote.start < draft.quote.end <= len(text)
        assert 0 <= draft.confidence <= 1
        assert draft.when is None or draft.when.start.year >= 1500


def test_capitals_throughout_read_like_other_text(read) -> None:
    made = read("A BOMB EXPLODED IN KHERSON ON MONDAY. THREE PEOPLE WERE KILLED.")
    (draft,) = made.drafts
    assert draft.toponym is not None
    assert (draft.toponym.text, str(draft.when)) == ("KHERSON", "2023-11-13")


def test_without_publication_date_news_is_undated_and_says_why(read) -> None:
    (draft,) = read("A bomb exploded in Kherson on Monday.", None).drafts
    assert draft.when is None
    assert any("publication date" in note for note in draft.notes)


def test_a_day_that_is_in_no_calendar_is_noted(read) -> None:
    (draft,) = read("A bomb exploded in Kherson on 31 February 2022.").drafts
    assert any("31 February 2022" in note for note in draft.notes)


def test_extraction_is_lazy_and_in_order(extractor) -> None:
    taken: list[str] = []

    def documents():
        for number in range(200):
            taken.append(str(number))
            yield Document(str(number), "A bomb exploded in Kherson.")

    results = extractor.extract(documents())
    assert next(results).document.doc_id == "0"
    assert len(taken) < 200
    assert [made.document.doc_id for made in results] == [str(n) for n in range(1, 200)]


def test_a_missing_model_is_named(extractor) -> None:
    class NoNames:
        def matches(self, text: str) -> list[object]:
            return []

    made = make_extractor(Settings(spacy_model="xx_no_such_model"), NoNames(), load_event_types())
    with pytest.raises(SetupError, match="xx_no_such_model"):
        list(made.extract([Document("a", "A bomb exploded in Kherson.")]))


@pytest.mark.parametrize(
    ("text", "given", "code"),
    [
        ("Сьогодні вночі стався вибух у Мелітополі.", "", "uk"),
        ("Сегодня ночью произошёл взрыв в Мелитополе, сообщили власти.", "", "ru"),
        ("A bomb exploded in the market on Monday.", "", "en"),
        (
            "Una bomba explotó el lunes en el mercado, y dejó tres muertos y diez heridos, según la policía.",
            "",
            "es",
        ),
        ("Вибух", "ru", "ru"),
        ("Explosion", "uk", "en"),
        ("", "", "en"),
    ],
)
def test_language(text: str, given: str, code: str) -> None:
    assert detect(text, given) == code


def test_other_languages_give_places_and_dates_but_no_events(read) -> None:
    made = read(
        "Una bomba explotó el lunes en Paris, según la policía, y dejó tres muertos y diez heridos en la plaza.",
        date(2023, 11, 17),
        "es",
    )
    assert made.drafts == ()
    assert [t.name for t in made.toponyms] == ["Paris"]
