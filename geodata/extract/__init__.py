"""Documents -> drafts of events, each with its quote. The table of extractors, and what the workspace opens."""

from collections.abc import Callable, Mapping

from geodata.contracts import EventType, Extractor, NameMatcher
from geodata.extract.extractor import StoryExtractor
from geodata.settings import Settings

ExtractorMaker = Callable[[Settings, NameMatcher, Mapping[str, EventType]], Extractor]


def _lexicon(settings: Settings, matcher: NameMatcher, event_types: Mapping[str, EventType]) -> Extractor:
    return StoryExtractor(settings.spacy_model, matcher, event_types)


EXTRACTORS: Mapping[str, ExtractorMaker] = {"lexicon": _lexicon}


def make_extractor(settings: Settings, matcher: NameMatcher, event_types: Mapping[str, EventType]) -> Extractor:
    """The extractor that the application uses; the spaCy model loads at first use. UsageError for a bad keyword."""
    return EXTRACTORS["lexicon"](settings, matcher, event_types)
