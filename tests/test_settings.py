"""Settings come from the environment once, and say what does not fit."""

from dataclasses import fields
from pathlib import Path

import pytest

from geodata.errors import UsageError
from geodata.settings import Settings


def test_the_environment_and_then_overrides() -> None:
    settings = Settings.from_environment({"DATELINE_PORT": "9000", "DATELINE_DATA": "/d"}, port=9001, host=None)
    assert (settings.port, settings.host, settings.data) == (9001, "127.0.0.1", Path("/d"))
    assert settings.store_url == "sqlite:////d/dateline.sqlite"
    assert settings.gazetteer_path == Path("/d/gazetteer.sqlite")


def test_a_number_that_is_none_is_refused() -> None:
    with pytest.raises(UsageError, match="DATELINE_PORT is 'web'; accepted: a whole number"):
        Settings.from_environment({"DATELINE_PORT": "web"})


def test_every_setting_has_help() -> None:
    assert all(item.metadata.get("help") for item in fields(Settings))
