"""Whether two events of different stories are one: where to look for candidates, how alike they are, what both say.

Pure functions on events; the store asks them and keeps what came out. `blocking` says which events are worth comparing,
`likeness` weighs a pair and gives its reasons in words, `union` makes of two events the one that holds both.
"""

from geodata.duplicates.blocking import Block, block_of
from geodata.duplicates.likeness import LIKELY, Likeness, likeness
from geodata.duplicates.union import differing, survivor_first, union

__all__ = ["LIKELY", "Block", "Likeness", "block_of", "differing", "likeness", "survivor_first", "union"]
