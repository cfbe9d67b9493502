"""A hint of what kind of actor a name in a story is, from the words of the name: "army units" are state forces."""

from collections.abc import Mapping, Sequence

_PROTESTERS = "protester protestor demonstrator marcher striker rioter"
_REBELS = (
    "rebel militant insurgent jihadist guerrilla militia militiaman fighter terrorist separatist taliban isis isil "
    "hamas hezbollah houthi al-shabaab shabaab insurgency"
)
_STATE = (
    "army soldier troop police policeman officer navy military gendarme marine brigade battalion regiment warplane jet "
    "force government regime commando garrison infantry"
)
_CIVILIANS = (
    "civilian villager resident child woman man student journalist worker teacher farmer doctor mayor priest family "
    "girl boy people passenger refugee activist director"
)
KINDS: Mapping[str, frozenset[str]] = {
    "protesters": frozenset(_PROTESTERS.split()),
    "rebels": frozenset(_REBELS.split()),
    "state forces": frozenset(_STATE.split()),
    "civilians": frozenset(_CIVILIANS.split()),
}
"""Kind -> dictionary forms, tried in this order: "rebel soldiers" are rebels, "police officers" state forces."""
_PLURALS = {
    "men": "man",
    "women": "woman",
    "children": "child",
    "policemen": "policeman",
    "militiamen": "militiaman",
    "armies": "army",
    "families": "family",
}
NAME = "actor types"


def kind_of(actor: str) -> str:
    """One of KINDS, or empty where no word of the name tells."""
    words = {_PLURALS.get(word, word) for word in actor.lower().replace("'s", "").split()}
    words |= {word.removesuffix("s") for word in words}
    return next((kind for kind, of in KINDS.items() if words & of), "")


def actor_types(actors: Sequence[str]) -> Mapping[str, str]:
    """The hints as one property: "Russian troops: state forces; villagers: civilians"; none, no property."""
    told = [f"{actor}: {kind}" for actor in actors if (kind := kind_of(actor))]
    return {NAME: "; ".join(told)} if told else {}
