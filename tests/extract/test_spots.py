"""What is weighed as the place of an event, and by which of the sentence's words."""

import pytest

from geodata.event_types import load_event_types
from geodata.extract.english import EnglishEvents
from geodata.extract.extractor import StoryExtractor
from geodata.extract.lexicon import compile_english
from geodata.extract.spots import find_spots, read_words
from geodata.extract.story import Story
from geodata.model import Document


@pytest.fixture(scope="module")
def story_of(extractor: StoryExtractor):
    return lambda text: next(extractor.stories([Document("doc", text, language="en")]))


def spots(story: Story) -> set[str]:
    (paragraph,) = story.paragraphs
    return {
        spot.toponym.text
        for sentence in paragraph.parsed.sents
        for spot in find_spots(story, paragraph, read_words(sentence))
    }


@pytest.mark.parametrize(
    ("text", "has", "has_not"),
    [
        ("Rebels shelled the ISIS-held hill near Velyka Dolyna.", {"Velyka Dolyna"}, {"ISIS-held"}),
        ("Gunmen marched Mr. Petrenko out of a hotel in Lviv.", {"Lviv"}, {"Mr"}),
        ("Shells fell on the market of Deir ez-Zor on Monday.", {"Deir ez-Zor"}, {"Deir"}),
        ("Two mines went off in Tal Al-'Arus on Monday.", {"Tal Al-'Arus"}, set()),
        ("Soldiers stormed the village of Dobra's neighbour, Nova Hora.", {"Nova Hora"}, {"Dobra's"}),
    ],
)
def test_names_that_only_stand_like_a_place(story_of, text: str, has: set[str], has_not: set[str]) -> None:
    found = spots(story_of(text))
    assert has <= found
    assert not has_not & found


@pytest.mark.parametrize(
    ("text", "told", "beside"),
    [
        ("Rebels bombed a market in Lviv, killing three people.", ["bombed"], ["killing"]),
        ("Gunmen kidnapped a judge in Lviv.", ["kidnapped"], []),
        ("Police arrested two men in Kyiv after rebels shelled Lviv.", ["arrested", "shelled"], []),
    ],
)
def test_words_that_tell_of_the_same_event(story_of, text: str, told: list[str], beside: list[str]) -> None:
    story = story_of(text)
    ((reading,),) = EnglishEvents(compile_english(load_event_types())).readings(story)
    words = story.paragraphs[0].parsed.words
    assert [mention.token.text for mention in reading.told] == told
    assert [words[number].text for numbers in reading.beside.values() for number in numbers] == beside
