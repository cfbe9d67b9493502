"""Texts that are no stories: no crash, no hang, nothing that points outside the text."""

import io
import json
import time
from datetime import date
from types import SimpleNamespace

import pytest

from geodata.cli.streams import documents
from geodata.errors import SetupError
from geodata.event_types import load_event_types
from geodata.extract import make_extractor
from geodata.extract.language import detect
from geodata.model import Document
from geodata.settings import Settings

ROWS = "Date;Place;Dead;What happened\n" + "".join(f"{n % 28 + 1}.05.2023;Kherson;{n};shelling\n" for n in range(60))
TEXTS = {
    "one word in capitals": "BOMB",
    "one word without meaning": "qwertz",
    "table of sixty rows": ROWS,
    "markdown table": "| Place | Event | Day |\n|---|---|---|\n" + "| Kherson | shelling | 3 May |\n" * 40,
    "one long sentence": "Shells hit Kherson and " * 800 + "nobody was hurt.",
    "deaths without end": "killed " + "two men and " * 800,
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


MINUTES = [(hour, minute) for hour in range(8, 18) for minute in (5, 15, 25, 35, 45, 55)]


def live_blog() -> str:
    """Sixty entries, each headed by its minute; the first, the thirtieth and the last tell of an event."""
    told = {0: "A missile struck a power station in Kherson.", 29: "Two people were killed by shelling in Bakhmut."}
    told[len(MINUTES) - 1] = "Police arrested four men in Lviv."
    entries = [
        f"{hour}:{minute:02} GMT\n\n{told.get(n, 'The price of bread is the talk of the day, our reporter writes.')}"
        for n, (hour, minute) in enumerate(MINUTES)
    ]
    return "\n\n".join(["Live: what happened on Friday", *entries])


def test_a_live_blog_gives_its_events_and_no_minute_is_taken_for_a_date(read) -> None:
    made = read(live_blog())
    found = [(d.sub_event_type, d.toponym.name if d.toponym else "") for d in made.drafts]
    assert found == [
        ("Shelling/artillery/missile attack", "Kherson"),
        ("Shelling/artillery/missile attack", "Bakhmut"),
        ("Arrests", "Lviv"),
    ]
    for draft in made.drafts:
        assert draft.when is not None
        assert draft.when.end == date(2023, 11, 17)


def test_a_table_gives_no_more_events_than_rows(read) -> None:
    made = read(ROWS)
    assert len(made.drafts) <= 60
    assert all(draft.toponym is None or draft.toponym.name == "Kherson" for draft in made.drafts)


def test_a_wrong_publication_date_is_flagged_and_the_text_kept(read) -> None:
    """Published, it says, in 2013: the text names a day ten years later."""
    (draft,) = read("A bomb exploded in Kherson on 11 November 2022.", date(2013, 1, 5)).drafts
    assert str(draft.when) == "2022-11-11"
    assert any("after publication (2013-01-05): check" in note for note in draft.notes)


def test_two_hundred_thousand_words_are_refused_with_the_limit_and_the_next_story_is_read() -> None:
    reported: list[tuple[int, str]] = []
    run = SimpleNamespace(settings=Settings(), report=lambda name, line, message: reported.append((line, message)))
    stories = [{"text": "A bomb exploded in Kherson. " * 40_000}, {"text": "Shells hit Bakhmut."}]
    source = io.BytesIO("\n".join(json.dumps(story) for story in stories).encode())
    assert [document.text for document in documents(source, run, "input")] == ["Shells hit Bakhmut."]
    assert reported == [(1, "the text has 1,120,000 characters; accepted: at most 500,000 (DATELINE_MAX_STORY_CHARS)")]


def test_a_long_text_that_tells_little_is_read_to_its_end(read) -> None:
    rules = "\n\n".join(["* * *", "— — —", "…"] * 700)
    made = read(f"A bomb exploded in Kherson on Monday.\n\n{rules}\n\nShells hit Bakhmut on Tuesday.")
    assert [d.toponym.name for d in made.drafts if d.toponym] == ["Kherson", "Bakhmut"]


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
