"""Claims are marked as claims; reports, denials of doubt and claims of responsibility are not."""

import pytest

from geodata.extract.claims import NAME, UNNAMED


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("The rebels claimed that they had captured Bakhmut on Friday.", "claimed by The rebels"),
        ("The ministry alleged that troops shelled a market in Donetsk on Monday.", "claimed by The ministry"),
        ("Soldiers allegedly abducted two teachers in Bama on 3 May.", UNNAMED),
        ("A drone reportedly struck a depot in Melitopol overnight.", UNNAMED),
        ("Shells hit a school in Kherson on Friday, which could not be independently verified.", UNNAMED),
        ("Police said that gunmen killed five people in Kaduna on Sunday.", None),
        ("A bomb exploded in Baghdad on Monday, and the group claimed responsibility for the bombing.", None),
        ("Russian forces shelled Kherson on Friday.", None),
    ],
)
def test_claims(read, text: str, claim: str | None) -> None:
    drafts = read(text).drafts
    assert drafts
    assert drafts[0].properties.get(NAME) == claim
    assert any("claim" in note for note in drafts[0].notes) == (claim is not None)
