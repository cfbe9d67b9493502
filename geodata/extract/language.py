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
LONG_ENOUGH = 120
"""Letters from which a guess may name any of the languages; a line or two is taken for one that news often comes in."""
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_LATIN = re.compile(r"[A-Za-z]")
_ARABIC = re.compile(r"[\u0600-\u06ff\u0750-\u077f]")
_PERSIAN = re.compile(r"[پچژگی]")
_SCRIPTS = (
    ("ko", re.compile(r"[\uac00-\ud7af]")),
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("zh", re.compile(r"[\u3400-\u9fff]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
)
"""Scripts of one or few languages, kana before the Han characters that stand beside it."""
_ACCENTED = re.compile(r"[\u00df-\u00f6\u00f8-\u024f]")
_OTHER_WORDS = re.compile(
    r"(?<!\w)(?:el|la|los|las|del|en|una|por|le|les|des|du|une|est|der|die|das|und|ist|ein|il|di|che|os|da|em|uma|na|się|jest|ve|bir)"
    r"(?!\w)",
    re.IGNORECASE,
)
"""Small words that English does not have: a line of names alone is no sign of another language."""
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
        guess = _guess(sample, "ru")
        return guess if guess in ("uk", "ru") or cyrillic >= LONG_ENOUGH else "ru"
    arabic = len(_ARABIC.findall(sample))
    if arabic > latin:
        return claimed if claimed in ("ar", "fa") else "fa" if len(_PERSIAN.findall(sample)) * 20 > arabic else "ar"
    for code, script in _SCRIPTS:
        if len(script.findall(sample)) > latin // 2:
            return code
    if claimed and claimed not in ("uk", "ru", "be", "bg"):
        return claimed
    if latin < LONG_ENOUGH // 2 and not (_ACCENTED.search(sample) or _OTHER_WORDS.search(sample)):
        return "en"
    guess = _guess(sample.lower(), "en")
    # A list of foreign names in a line or two is not evidence enough against English.
    return "en" if latin < LONG_ENOUGH and guess not in ("es", "fr", "de", "it", "pt", "pl", "tr") else guess


def _guess(sample: str, default: str) -> str:
    code, _ = _identifier().classify(sample)
    return str(code) if code in LANGUAGES else default


@lru_cache(maxsize=1)
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # loads a model: only where it is needed

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(list(LANGUAGES))
    return identifier
