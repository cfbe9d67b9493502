"""Settings come from the environment once, and say what does not fit."""

from dataclasses import fields
from pathlib import Path

import pytest

from geodata.errors import UsageError
from geodata.settings import Settings, hidden


def test_the_environment_and_then_overrides() -> None:
    settings = Settings.from_environment({"DATELINE_PORT": "9000", "DATELINE_DATA": "/d"}, port=9001, host=None)
    assert (settings.port, settings.host, settings.data) == (9001, "127.0.0.1", Path("/d"))
    assert settings.store_url == "sqlite:////d/dateline.sqlite"
    assert settings.gazetteer_path == Path("/d/gazetteer.sqlite")


@pytest.mark.parametrize(
    ("environment", "url"),
    [
        ({"DATABASE_URL": "postgresql://h/a"}, "postgresql://h/a"),
        ({"DATABASE_URL": "postgresql://h/a", "DATELINE_DATABASE_URL": "postgresql://h/b"}, "postgresql://h/b"),
        ({"DATABASE_URL": "postgresql://h/a", "DATELINE_DATABASE_URL": ""}, "sqlite:///data/dateline.sqlite"),
    ],
)
def test_the_address_of_the_store_has_a_common_name_too(environment: dict[str, str], url: str) -> None:
    assert Settings.from_environment(environment).store_url == url


def test_a_password_is_not_shown() -> None:
    assert hidden("postgresql://me:se:cret@h:1/d?x=y@z") == "postgresql://me:***@h:1/d?x=y@z"
    assert hidden("sqlite:////data/a@b:c/d.sqlite") == "sqlite:////data/a@b:c/d.sqlite"


def test_a_number_that_is_none_is_refused() -> None:
    with pytest.raises(UsageError, match="DATELINE_PORT is 'web'; accepted: a whole number"):
        Settings.from_environment({"DATELINE_PORT": "web"})


@pytest.mark.parametrize(("text", "value"), [("yes", True), ("TRUE", True), ("1", True), ("no", False), ("", False)])
def test_a_switch_is_yes_or_no(text: str, value: bool) -> None:
    assert Settings.from_environment({"DATELINE_FETCH_URLS": text}).fetch_urls is value


def test_a_switch_that_is_neither_is_refused() -> None:
    with pytest.raises(UsageError, match="DATELINE_FETCH_URLS is 'perhaps'; accepted: yes or no"):
        Settings.from_environment({"DATELINE_FETCH_URLS": "perhaps"})


def test_every_setting_has_help() -> None:
    assert all(item.metadata.get("help") for item in fields(Settings))


def test_processes_are_as_many_as_asked_or_one_for_each_core() -> None:
    assert Settings(workers=3).processes == 3
    assert Settings().processes >= 1
