"""Whether texts hold the words that a person asks for, by brute force; the store's own search is its database's."""

from collections.abc import Sequence


def holds_words(asked: str, texts: Sequence[str]) -> bool:
    """Whether every word asked for is somewhere in the texts, capital or not; nothing asked: True."""
    whole = "\n".join(texts).casefold()
    return all(word in whole for word in asked.casefold().split())
