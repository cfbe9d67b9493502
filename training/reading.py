"""Texts as the extractor reads them, before anything learnt is asked: the same parses and patterns for all training."""

from collections.abc import Iterator, Sequence
from datetime import date

from geodata.event_types import load_event_types
from geodata.extract.english import EnglishEvents
from geodata.extract.extractor import StoryExtractor
from geodata.extract.lexicon import compile_english
from geodata.extract.reading import Reading
from geodata.geocode import open_matcher
from geodata.model import Document, Source
from geodata.settings import Settings


class Reader:
    """The application's extractor on the gazetteer that is set up (DATELINE_DATA)."""

    def __init__(self) -> None:
        settings = Settings.from_environment()
        types = load_event_types()
        self.extractor = StoryExtractor(settings.spacy_model, open_matcher(settings.gazetteer_path), types)
        owners = {sub: kind.name for kind in types.values() for sub in kind.sub_types}
        self.english = EnglishEvents(compile_english(types), owners)

    def readings(self, texts: Sequence[str], published: date | None = None) -> Iterator[list[Reading]]:
        """The sentences of each text, as English, with the mentions in them."""
        documents = [Document(str(i), text, Source(published=published), "en") for i, text in enumerate(texts)]
        for story in self.extractor.stories(documents):
            yield [reading for there in self.english.readings(story) for reading in there]
