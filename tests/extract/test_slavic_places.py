"""Where events of Ukrainian and Russian texts were: nearest to the event, not where from, and told before."""

import pytest


@pytest.mark.parametrize(
    ("language", "text", "place"),
    [
        ("uk", "Уночі росіяни обстріляли Бахмут.", "Бахмут"),
        ("uk", "Російські війська обстріляли з артилерії околиці Бахмута, загинули двоє людей.", "Бахмут"),
        ("uk", "У Мелітополі вибухнув автомобіль.", "Мелітополь"),
        ("uk", "Із Харкова повідомляють: в Одесі пролунав вибух.", "Одеса"),
        ("ru", "Ночью войска обстреляли Бахмут.", "Бахмут"),
        ("ru", "В Мелитополе взорвался автомобиль.", "Мелитополь"),
        ("ru", "В Одессе прогремел взрыв, погибли трое.", "Одесса"),
        ("ru", "Из Харькова сообщают: в Одессе прогремел взрыв.", "Одесса"),
    ],
)
def test_place(read, language: str, text: str, place: str) -> None:
    drafts = read(text, language=language).drafts
    assert drafts
    assert {draft.toponym.name if draft.toponym else None for draft in drafts} == {place}


@pytest.mark.parametrize(
    ("language", "text", "place"),
    [
        ("uk", "У Бахмуті вибухнув автомобіль. Поліція затримала двох чоловіків.", "Бахмут"),
        ("ru", "В Бахмуте взорвался автомобиль. Полиция задержала двух мужчин.", "Бахмут"),
    ],
)
def test_a_place_taken_from_the_story_says_so(read, language: str, text: str, place: str) -> None:
    later = read(text, language=language).drafts[-1]
    assert later.toponym is not None
    assert later.toponym.name == place
    assert any("taken from what the story told before" in note for note in later.notes)


@pytest.mark.parametrize(("language", "text"), [("uk", "Пролунав вибух."), ("ru", "Прогремел взрыв.")])
def test_no_place_named_is_no_place(read, language: str, text: str) -> None:
    assert [draft.toponym for draft in read(text, language=language).drafts] == [None]
