"""Is an event only claimed? Who claims it, as the text names them.

A report ("police said") is no claim. A claim is what the text itself keeps at a distance: "claimed", "allegedly",
"could not be verified".
"""

import re
from typing import Any

from geodata.extract.details import MAX_ACTOR_CHARS

NAME = "claim"
"""The property of an event that says so."""
UNNAMED = "told as a claim"
_VERBS = frozenset(("claim", "allege", "assert", "boast", "purport", "insist", "contend", "accuse", "blame"))
_NOUNS = frozenset(("claim", "allegation", "accusation", "rumour", "rumor"))
_ADVERBS = frozenset(("allegedly", "reportedly", "purportedly", "supposedly"))
_UNVERIFIED = re.compile(
    r"\b(?:un(?:verified|confirmed)|(?:could|can|has|have|had|was|were|is|are)\s*(?:not|n't|n’t)\s+(?:yet\s+|been\s+|be\s+"
    r"|immediately\s+|independently\s+)*(?:verif(?:y|ied)|confirm(?:ed)?))\b",
    re.IGNORECASE,
)
_RESPONSIBILITY = "responsibility"
_STEPS = 5


def claimed_by(token: Any, sentence: Any) -> str | None:
    """Who claims the event of a trigger, or UNNAMED; None where the text tells it as its own."""
    if any(child.lower_ in _ADVERBS for child in (*token.children, *token.head.children)):
        return UNNAMED
    below, above = token, token.head
    for _ in range(_STEPS):
        if above.i == below.i:
            break
        if above.lemma_.lower() in _VERBS and below.dep_ in ("ccomp", "xcomp", "dobj", "prep", "pcomp"):
            return None if _takes_on(above) else _claimant(above)
        if above.lemma_.lower() in _NOUNS and below.dep_ in ("acl", "prep", "ccomp", "pobj", "relcl"):
            return UNNAMED
        if below.dep_ in ("relcl", "advcl"):
            break
        below, above = above, above.head
    return UNNAMED if _UNVERIFIED.search(sentence.text) else None


def _takes_on(verb: Any) -> bool:
    """ "Claimed responsibility for the bombing": the bombing is no claim."""
    return any(child.lower_ == _RESPONSIBILITY for child in verb.children)


def _claimant(verb: Any) -> str:
    subject = next((child for child in verb.children if child.dep_ == "nsubj"), None)
    if subject is None or subject.pos_ == "PRON":
        return UNNAMED
    first, last = subject.left_edge.i, subject.i
    named = subject.doc[first : last + 1].text
    return f"claimed by {named}" if len(named) <= MAX_ACTOR_CHARS else UNNAMED
