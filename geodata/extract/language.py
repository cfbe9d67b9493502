"""Which language a text is in: the script first, then py3langid among the languages that news comes in."""

import re
from functools import lru_cache
from typing import Any

LANGUAGES = (
    "en",
    "uk",
    "ru",
    "es",
    "fr",
    "de",
    "it",
    "pt",
    "pl",
    "tr",
    "nl",
    "ro",
    "ar",
    "fa",
    "zh",
    "ja",
    "ko",
    "be",
    "bg",
    "sr",
)
SAMPLE_CHARS = 4000
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_LATIN = re.compile(r"[A-Za-z]")
_UKRAINIAN = re.compile(r"[іїєґІЇЄҐ]")
_RUSSIAN = re.compile(r"[ыэёъЫЭЁЪ]")


def detect(text: str, given: str = "") -> str:
    """ISO 639-1 code; `given` (what the source says of itself) wins where it fits the script. Empty text is "en"."""
    sample = text[:SAMPLE_CHARS]
    cyrillic, latin = len(_CYRILLIC.findall(sample)), len(_LATIN.findall(sample))
    claimed = given.strip().lower()[:2]
    if cyrillic > latin:
        if claimed in ("uk", "ru", "be", "bg", "sr"):
            return claimed
        ukrainian, russian = len(_UKRAINIAN.findall(sample)), len(_RUSSIAN.findall(sample))
        if ukrainian or russian:
            return "uk" if ukrainian >= russian else "ru"
        return _guess(sample, "ru")
    if claimed and claimed not in ("uk", "ru", "be", "bg"):
        return claimed
    if latin < 20:
        return "en"
    guess = _guess(sample.lower(), "en")
    # A list of foreign names in a line or two is not evidence enough against English.
    return "en" if latin < 120 and guess not in ("es", "fr", "de", "it", "pt", "pl", "tr") else guess


def _guess(sample: str, default: str) -> str:
    code, _ = _identifier().classify(sample)
    return str(code) if code in LANGUAGES else default


@lru_cache(maxsize=1)
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # loads a model: only where it is needed

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(list(LANGUAGES))
    return identifier
