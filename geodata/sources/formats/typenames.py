"""What other data sets call a type of event, and the type and sub-type of the taxonomy that stands for it.

Each table holds only what its codebook defines. What is in none of them keeps its own name, and the taxonomy's own
rule puts it under ACLED's "Other" with a note (geodata/taxonomy.py).
"""

from collections.abc import Mapping

Kind = tuple[str, str]

CLASH: Kind = ("Battles", "Armed clash")
ATTACK: Kind = ("Violence against civilians", "Attack")
AIR_STRIKE: Kind = ("Explosions/Remote violence", "Air/drone strike")
SHELLING: Kind = ("Explosions/Remote violence", "Shelling/artillery/missile attack")
MINE: Kind = ("Explosions/Remote violence", "Remote explosive/landmine/IED")
SUICIDE_BOMB: Kind = ("Explosions/Remote violence", "Suicide bomb")
SEXUAL: Kind = ("Violence against civilians", "Sexual violence")
ABDUCTION: Kind = ("Violence against civilians", "Abduction/forced disappearance")
PROTEST: Kind = ("Protests", "Peaceful protest")
RIOT: Kind = ("Riots", "Violent demonstration")
DIPLOMACY: Kind = ("Diplomacy", "Diplomatic event")
AGREEMENT: Kind = ("Strategic developments", "Agreement")
ARRESTS: Kind = ("Strategic developments", "Arrests")
CHANGE: Kind = ("Strategic developments", "Change to group/activity")
LOOTING: Kind = ("Strategic developments", "Looting/property destruction")
TRANSFER: Kind = ("Strategic developments", "Non-violent transfer of territory")
WEAPONS_DISRUPTED: Kind = ("Strategic developments", "Disrupted weapons use")
OTHER: Kind = ("Strategic developments", "Other")
NATURAL: Kind = ("Disaster", "Natural disaster")
MAN_MADE: Kind = ("Disaster", "Man-made disaster")
CRIME: Kind = ("Crime", "Organised crime")

UCDP_VIOLENCE: Mapping[str, tuple[str, Kind]] = {
    "1": ("state-based conflict", CLASH),
    "2": ("non-state conflict", CLASH),
    "3": ("one-sided violence", ATTACK),
}
"""`type_of_violence` of the UCDP GED codebook: its words, and ours. It does not say by what weapon."""

ACLED_BEFORE_2018: Mapping[str, Kind] = {
    "battle-no change of territory": CLASH,
    "battle-government regains territory": ("Battles", "Government regains territory"),
    "battle-non-state actor overtakes territory": ("Battles", "Non-state actor overtakes territory"),
    "headquarters or base established": ("Strategic developments", "Headquarters or base established"),
    "strategic development": OTHER,
    "riots/protests": ("Riots", ""),
    "violence against civilians": ("Violence against civilians", ""),
    "non-violent transfer of territory": TRANSFER,
    "remote violence": ("Explosions/Remote violence", ""),
}
"""ACLED's nine event types of before its sub-event types, which is all that an older file has."""

CAMEO_ROOTS: Mapping[str, tuple[str, Kind]] = {
    "01": ("make public statement", DIPLOMACY),
    "02": ("appeal", DIPLOMACY),
    "03": ("express intent to cooperate", DIPLOMACY),
    "04": ("consult", DIPLOMACY),
    "05": ("engage in diplomatic cooperation", DIPLOMACY),
    "06": ("engage in material cooperation", DIPLOMACY),
    "07": ("provide aid", DIPLOMACY),
    "08": ("yield", AGREEMENT),
    "09": ("investigate", OTHER),
    "10": ("demand", DIPLOMACY),
    "11": ("disapprove", DIPLOMACY),
    "12": ("reject", DIPLOMACY),
    "13": ("threaten", OTHER),
    "14": ("protest", PROTEST),
    "15": ("exhibit force posture", CHANGE),
    "16": ("reduce relations", DIPLOMACY),
    "17": ("coerce", OTHER),
    "18": ("assault", ATTACK),
    "19": ("fight", CLASH),
    "20": ("use unconventional mass violence", ATTACK),
}
"""The 20 root codes of CAMEO (Schrodt 2012, chapter 2), in our words."""

CAMEO_CODES: Mapping[str, Kind] = {
    "057": AGREEMENT,
    "0871": AGREEMENT,
    "145": RIOT,
    "171": LOOTING,
    "173": ARRESTS,
    "175": ("Protests", "Excessive force against protesters"),
    "181": ABDUCTION,
    "1821": SEXUAL,
    "183": MINE,
    "1831": SUICIDE_BOMB,
    "194": SHELLING,
    "195": AIR_STRIKE,
    "2041": ("Explosions/Remote violence", "Chemical weapon"),
}
"""Codes below a root that say more; the longest that a code begins with counts."""

VIINA_LABELS: Mapping[str, Kind] = {
    "airstrike": AIR_STRIKE,
    "uav": AIR_STRIKE,
    "artillery": SHELLING,
    "ied": MINE,
    "firefight": CLASH,
    "armor": CLASH,
    "raid": CLASH,
    "aad": WEAPONS_DISRUPTED,
    "occupy": TRANSFER,
    "control": TRANSFER,
    "hospital": ATTACK,
    "civcas": ATTACK,
    "killing": ATTACK,
    "milcas": CLASH,
    "property": LOOTING,
    "arrest": ARRESTS,
    "retreat": CHANGE,
    "cyber": OTHER,
    "san": DIPLOMACY,
    "mil": CLASH,
}
"""VIINA's `t_` labels (README, "Event classification"); where a report has several, the first of this order counts."""

USGS_TYPES: Mapping[str, Kind] = {
    **dict.fromkeys(
        ("earthquake", "induced or triggered event", "ice quake", "landslide", "rock slide", "snow avalanche",
         "volcanic eruption", "volcanic explosion", "meteorite", "tsunami"),
        NATURAL,
    ),
    **dict.fromkeys(
        ("quarry blast", "quarry", "explosion", "chemical explosion", "nuclear explosion", "mining explosion",
         "mine collapse", "rock burst", "building collapse", "accidental explosion", "industrial explosion",
         "experimental explosion", "acoustic noise", "sonic boom", "train crash", "anthropogenic event"),
        MAN_MADE,
    ),
}  # fmt: skip
"""ANSS ComCat's event types: of nature, or of people."""
