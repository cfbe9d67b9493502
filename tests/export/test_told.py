"""Calendars, TimeMap and HXL: the forms that their readers expect, and what they say they leave out."""

import csv
import io
import json
from dataclasses import replace
from datetime import date

import icalendar

from geodata.export import EXPORTERS
from geodata.model import Event, Source
from geodata.query import EventQuery
from geodata.timespan import TimeSpan
from tests.export.test_round_trip import EVENT, UNPLACED


def written(name: str, *events: Event) -> tuple[bytes, tuple[str, ...]]:
    out = io.BytesIO()
    done = EXPORTERS[name].write(iter(events), out, EventQuery())
    return out.getvalue(), done.left_out


def test_a_calendar_has_all_day_entries() -> None:
    long = replace(EVENT, event_id="long", title="Київ, під; обстрілом " * 20, when=TimeSpan.day(date.max))
    data, left_out = written("ical", EVENT, UNPLACED, long)
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    first, second = icalendar.Calendar.from_ical(data).walk("VEVENT")
    assert (first.decoded("dtstart"), first.decoded("dtend")) == (date(2022, 11, 1), date(2022, 12, 1))
    assert first["geo"].to_ical() == "48.59;38.000123"
    assert first["location"] == "Bakhmut, Donetsk, UA"
    assert first["categories"].to_ical() == b"Battles,Armed clash"
    assert "Source: P" in first["description"]
    assert (second["summary"], second.decoded("dtstart"), second.get("dtend")) == (long.title, date.max, None)
    assert left_out[0] == "1 event without a date"


def test_timemap_has_its_three_parts() -> None:
    twice = replace(EVENT, event_id="e3")
    data, left_out = written("timemap", EVENT, UNPLACED, twice)
    found = json.loads(data)
    first, second = found["events"]
    assert (first["date"], first["latitude"], first["longitude"]) == ("11/1/2022", "48.59", "38.000123")
    assert all(isinstance(value, str | list) for value in first.values())
    assert first["sources"] == second["sources"] == list(found["sources"])
    assert found["sources"][first["sources"][0]]["paths"] == ["https://e.org/1"]
    assert [each["mode"] for each in found["associations"]] == ["CATEGORY", "FILTER"]
    assert first["associations"] == [each["id"] for each in found["associations"]]
    assert found["credits"] == [{"source": "P", "cited": 2}]
    assert left_out[0] == "1 event without a date or a place"


def test_hxl_tags_every_column() -> None:
    data, _ = written("hxl", EVENT)
    head, tags, row = csv.reader(io.StringIO(data.decode()))
    assert len(head) == len(tags) == len(row)
    assert all(tag.startswith("#") for tag in tags)
    assert dict(zip(head, tags, strict=True))["start"] == "#date+start"


def test_an_address_that_is_none_is_no_link_of_a_calendar() -> None:
    data, _ = written("ical", replace(EVENT, sources=(Source("javascript:alert(1)"),)))
    assert b"javascript" not in data
