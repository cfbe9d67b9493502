"""What our exporters write, read back by the importers of the same formats: the same events."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from geodata.export import EXPORTERS
from geodata.model import Event, Fatalities, Place, Precision, Source, Span, Status
from geodata.query import EventQuery
from geodata.sources import open_rows
from geodata.timespan import DatePrecision, TimeSpan

WHOLE = Event(
    "e1", "Battles", "Armed clash", "Clash near <b>Alpha</b>; ${1+1}",
    when=TimeSpan(date(2031, 11, 1), date(2031, 11, 30), DatePrecision.MONTH),
    place=Place("Alpha", 38.000123, 48.59, Precision.NEAR, "UA", "Donetsk", "Hill", "geonames:1", 25e3, "P.PPL", 12),
    quote="=1+1, said \u201cone\u201d\nand another",
    quote_span=Span(10, 40),
    doc_id="d1",
    sources=(
        Source("https://e.org/1", "T", "P", date(2031, 12, 1), datetime(2031, 12, 2, tzinfo=UTC), "ab", "https://a.org"),
    ),
    actors=("Army", "Group"), fatalities=Fatalities(3, None, 5), confidence=0.5, notes=("check the year",), tags=("a",),
    properties={"place": "as given", "extra": "x", "licence": "CC BY 4.0", "nested": '{"a":[1,2]}'},
)  # fmt: skip
BARE = Event("12", "Riots", status=Status.REVIEWED)
CITED_TWICE = replace(WHOLE, event_id="e3", sources=(*WHOLE.sources, Source(publisher="Other")), place=None, title="")


@pytest.mark.parametrize("name", [name for name, exporter in EXPORTERS.items() if exporter.lossless])
def test_a_lossless_export_comes_back_as_it_was(tmp_path: Path, name: str) -> None:
    exporter = EXPORTERS[name]
    out = io.BytesIO()
    exporter.write(iter([WHOLE, BARE, CITED_TWICE]), out, EventQuery())
    path = tmp_path / f"export{exporter.suffix}"
    path.write_bytes(out.getvalue())
    source = open_rows(path)
    assert not source.questions
    rows = list(source.rows())
    assert [row.problems for row in rows] == [(), (), ()]
    assert [row.event for row in rows] == [WHOLE, BARE, CITED_TWICE]


def test_an_export_with_earthquakes_of_usgs_is_still_ours(tmp_path: Path) -> None:
    """Their names in it made it a feed of theirs, and all dates were lost."""
    quake = replace(WHOLE, properties={"magType": "mb", "url": "https://earthquake.usgs.gov/x"})
    path = tmp_path / "export.geojson"
    with path.open("wb") as out:
        EXPORTERS["geojson"].write(iter([quake]), out, EventQuery())
    assert [row.event for row in open_rows(path).rows()] == [quake]
