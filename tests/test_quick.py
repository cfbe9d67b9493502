"""Values made the quick way are those that the class makes."""

from dataclasses import FrozenInstanceError, fields
from datetime import date

import pytest

from geodata.contracts.tables import Row
from geodata.model import Event, Place, Source, Status
from geodata.quick import quick


@pytest.mark.parametrize(
    ("cls", "given"),
    [
        (Event, {"event_id": "a", "event_type": "Battles"}),
        (Event, {"event_id": "a", "event_type": "Battles", "status": Status.REVIEWED, "properties": {"b": "c"}}),
        (Place, {"name": "Kyiv", "lon": 30.5, "lat": 50.4, "radius_m": 10.0}),
        (Source, {"title": "Shelling", "published": date(2022, 11, 11)}),
        (Row, {"line": 3, "event": None, "cells": ("a",)}),
    ],
)
def test_same_values(cls: type, given: dict[str, object]) -> None:
    made, usual = quick(cls)(**given), cls(**given)
    assert type(made) is cls
    assert made == usual
    assert repr(made) == repr(usual)
    name = fields(cls)[0].name
    with pytest.raises(FrozenInstanceError):
        setattr(made, name, None)


def test_no_value_shares_its_mapping_with_another() -> None:
    make = quick(Event)
    assert make("a", "Battles").properties is not make("b", "Battles").properties
