"""Actors of an event and what kind of actor their names hint at."""

from datetime import date

import pytest

from geodata.extract.actors import actor_types, kind_of


@pytest.mark.parametrize(
    ("actor", "kind"),
    [
        ("Russian troops", "state forces"),
        ("Army units", "state forces"),
        ("police officers", "state forces"),
        ("rebel soldiers", "rebels"),
        ("Taliban fighters", "rebels"),
        ("rebel gunmen", "rebels"),
        ("three women", "civilians"),
        ("museum director Hanna Bilyk", "civilians"),
        ("demonstrators", "protesters"),
        ("the committee", ""),
        ("", ""),
    ],
)
def test_kind_of_actor(actor: str, kind: str) -> None:
    assert kind_of(actor) == kind


def test_a_draft_says_who_and_hints_at_what_they_are(read) -> None:
    (draft,) = read("Rebels kidnapped three villagers near Kherson on Monday.", date(2023, 11, 17)).drafts
    assert [kind_of(actor) for actor in draft.actors] == ["rebels", "civilians"]
    assert draft.properties == actor_types(draft.actors)


def test_no_hint_no_property() -> None:
    assert actor_types(("the committee",)) == {}
