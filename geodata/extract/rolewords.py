"""Our own lists of words that tell what a name is in a sentence: kinds of places, of events, and whose place it is."""

from collections.abc import Mapping


def _sets(lists: Mapping[str, str]) -> Mapping[str, frozenset[str]]:
    return {name: frozenset(words.split()) for name, words in lists.items()}


KINDS = _sets(
    {
        "wide": "region oblast state province governorate department prefecture republic territory krai county "
        "country peninsula",
        "town": "city town village settlement suburb outskirt outskirts municipality hamlet capital community",
        "part": "district neighborhood neighbourhood area quarter sector countryside street road square camp farm "
        "point front side part axis hill mountain valley ridge axis",
        "site": "airport airbase base hospital university prison market mosque church bridge station port checkpoint "
        "embassy headquarters crossing island border stadium school palace barracks hotel building house "
        "office",
    }
)
"""Nouns of places: areas with towns in them, towns, parts of either, and sites."""
EVENTS = _sets(
    {
        "harm": "kill murder execute behead stab die beat slay massacre burn gun torture assassinate",
        "hurt": "shoot wound injure hurt fire maim",
        "take": "capture seize take liberate recapture overrun occupy retake conquer control regain fall",
        "arrest": "arrest detain abduct kidnap jail hold imprison free release",
        "patrol": "patrol guard search watch monitor comb",
        "move": "march enter storm advance raid withdraw invade move arrive flee travel cross retreat",
        "blast": "bomb shell detonate explode strike hit target blow bombard destroy attack",
        "crowd": "protest demonstrate rally riot gather clash demonstration protester",
        "start": "launch begin continue start carry conduct stage occur happen open hold",
        "say": "say tell report announce confirm add state claim note quote speak declare accord write warn",
    }
)
"""Verbs and nouns that tell of events, by what they say of the place; `say` is who reports it."""
ROLES = _sets(
    {
        "troops": "army force forces troop troops soldier brigade division battalion regiment militia rebel rebels "
        "fighter militant militants police navy air guard group front movement party union government "
        "ministry council agency news",
        "speaker": "spokesman spokeswoman spokesperson minister ministry embassy ambassador mayor governor president "
        "official officials newspaper radio agency bureau correspondent source sources statement report "
        "police",
        "modal": "will would may might could can should must shall",
        "placing": "in at on near inside outside within around across over along between off",
        "launching": "launch fire come fly arrive originate travel depart send take",
        "undergoing": "fall shake surrender shudder",
    }
)
"""Whose name it may be; words of the mood; prepositions that place; verbs whose "from" says where something started;
verbs whose subject is what it happens to ("the town fell")."""
