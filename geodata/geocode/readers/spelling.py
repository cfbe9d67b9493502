"""Spelling names as English-language newspapers do: current forms, without the marks of scholarly transliteration."""

import re
import unicodedata
from collections.abc import Sequence

TRANSLITERATED = (
    "AE AF AM BD BG BH BT BY CN DJ DZ EG EH ER ET GE GR IL IN IQ IR JO JP KG KH KM KP KR KW KZ LA LB LK LY MA MM MN "
    "MR NP OM PK PS QA RU SA SD SO SS SY TD TH TJ TM TN TW UA UZ YE"
)
"""Countries whose names GeoNames writes in transliteration; elsewhere accents belong to the name."""
_SOFT_SIGNS = re.compile("[’'ʹʼ`]")
_SOFT = frozenset({"BY", "RU", "UA", "KZ", "KG", "UZ", "TM", "TJ"})

_UKRAINIAN = (
    (re.compile(r"(?<=\w)y(?=[aeu])"), "i"),  # Zaporizhzhya -> Zaporizhzhia
    (re.compile(r"(?<=[aeiou])yi"), "i"),  # Mykolayiv -> Mykolaiv
    (re.compile(r"yy\b"), "yi"),  # Kryvyy -> Kryvyi
    (re.compile(r"(?<=[aeiou])y(?![aeiouy])"), "i"),  # Hulyaypole -> Huliaipole
)
"""Older transliteration to Ukraine's national one (Cabinet of Ministers, resolution 55 of 2010)."""
_RUSSIAN = (
    (re.compile(r"(iy|yy)\b"), "y"),  # Nizhniy -> Nizhny
    (re.compile(r"yye\b"), "ye"),  # Naberezhnyye -> Naberezhnye
)


def plain_name(name: str, country: str) -> str:
    """`name` of a place in `country` (ISO 3166-1 alpha-2) as a newspaper writes it."""
    if country in _SOFT:
        name = _SOFT_SIGNS.sub("", name)
    if country and not name.isascii() and country in TRANSLITERATED:
        apart = unicodedata.normalize("NFD", name)
        name = "".join(char for char in apart if not unicodedata.combining(char)).replace("‘", "’")
    name = name.lstrip("’'") if country in TRANSLITERATED else name
    for pattern, new in {"UA": _UKRAINIAN, "RU": _RUSSIAN}.get(country, ()):
        name = pattern.sub(new, name)
    return name


_KIND = re.compile(
    r"\s+(governorate|province|voivodeship|prefecture|state|region|county|sheng|district|kraj|department|shi|"
    r"(zhuangzu |huizu |uygur )?zizhiqu)$",
    re.IGNORECASE,
)
_SLAVIC = re.compile(r"^(?P<stem>[\w-]+?)(sk|tsk)(aya oblast|iy kray|y kray|iy krai)$", re.IGNORECASE)
_REPUBLIC = re.compile(r"^(?P<stem>[\w -]+), (respublika|republic)$", re.IGNORECASE)
_ENGLISH = re.compile(r"^[A-Z][A-Za-z '’-]+ (Oblast|Krai|Governorate|Voivodeship|Prefecture|Republic|Okrug)$")
_HALF_ENGLISH = re.compile(r"(skaya|skiy|skyi|ska) ", re.IGNORECASE)
_GENERIC = re.compile(r"^(free|(national )?capital|(north|south|east|west|central)[\w -]*)$", re.IGNORECASE)
"""What is no name without its kind: Free State, Western Province."""
_OBLASTS = frozenset({"UA", "RU", "BY", "BG", "KZ", "KG"})


def region_name(name: str, others: Sequence[str], country: str) -> str:
    """The English name of a first-level area: "Kherson Oblast", and without its kind elsewhere ("Aleppo").

    `others` are its further names, as GeoNames gives them.
    """
    english = [other for other in others if _ENGLISH.match(other) and not _HALF_ENGLISH.search(other)]
    if english and (country in TRANSLITERATED or country == "PL"):
        found = min(english, key=len)
    else:
        found = _from_russian(plain_name(name, country))
    short = _KIND.sub("", found)
    return found if country in _OBLASTS or _GENERIC.match(short) else short


def _from_russian(name: str) -> str:
    """Rostovskaya oblast -> Rostov Oblast; Dagestan, Respublika -> Dagestan."""
    if found := _SLAVIC.match(name):
        return f"{found['stem']} {'Oblast' if name.lower().endswith('oblast') else 'Krai'}"
    if found := _REPUBLIC.match(name):
        return found["stem"]
    return name


def folded(name: str) -> str:
    """For comparing names: no accents, no case, letters alone."""
    apart = unicodedata.normalize("NFD", name.casefold())
    return "".join(char for char in apart if char.isalpha())
