"""The view as a picture and as a page to print: its size, what it holds, and what it says that it lacks."""

import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pypdf
import pytest
from PIL import Image

from geodata.contracts import ExportOptions
from geodata.model import Event, Place, Precision, Source, Status
from geodata.query import EventQuery
from geodata.settings import Settings
from geodata.timespan import TimeSpan
from geodata.workspace import open_workspace
from mapping.exporters import further_exporters
from mapping.pictured import Held
from mapping.preview.frame import box_around
from mapping.preview.page import write_page
from mapping.preview.sheet import nice
from mapping.preview.words import Line

KYIV = Place("Kyiv", 30.52, 50.45)
EVENTS = [
    Event("a", "Battles", when=TimeSpan.day(date(2022, 3, 1)), place=KYIV, sources=(Source(publisher="Wire"),)),
    Event("b", "Battles", when=TimeSpan(date(2022, 4, 1), date(2022, 4, 30)), place=KYIV, status=Status.REJECTED),
    Event("c", "Riots", place=Place("Lviv Oblast", 24.0, 49.8, Precision.ADMIN1)),
    Event("d", "Riots"),
]


@pytest.mark.parametrize(
    ("name", "query"), [("png", EventQuery()), ("pdf", EventQuery.from_params({"bbox": ["20,44,40,53"]}))]
)
def test_a_picture_of_a_view(tmp_path: Path, name: str, query: EventQuery) -> None:
    workspace = open_workspace(Settings(data=tmp_path, title="The Desk"))
    out = io.BytesIO()
    exporter = further_exporters(workspace)[name]
    done = exporter.write(iter(EVENTS), out, query, ExportOptions(left_out=("2 events that stay",)))
    assert (done.count, done.left_out) == (3, ("1 event without a place",))
    if name == "png":
        image = Image.open(out)
        assert image.size == (2400, 1696)
    else:
        (page,) = pypdf.PdfReader(out).pages
        assert [round(float(side)) for side in page.mediabox[2:]] == [842, 595]  # A4 in points
        image = page.images[0].image  # type: ignore[assignment]
    red, green, blue = np.asarray(image.convert("RGB")).transpose(2, 0, 1)
    assert np.count_nonzero((red > 150) & (green < 90) & (blue < 90)) > 200  # battles


def test_the_words_of_a_page_are_text(tmp_path: Path) -> None:
    """In scripts that the picture cannot draw, too; and whole where the picture has room for a part only."""
    named = [Source(publisher=f"Wire number {n} of a long list") for n in range(9)]
    wire = replace(EVENTS[0], sources=(*named, Source(publisher="وكالة الأنباء"), Source(publisher="Вісті")))
    workspace, out = open_workspace(Settings(data=tmp_path, title="The Desk")), io.BytesIO()
    further_exporters(workspace)["pdf"].write(iter([wire, *EVENTS[1:]]), out, EventQuery())
    reader = pypdf.PdfReader(out, strict=True)
    text = " ".join(reader.pages[0].extract_text().split())
    for words in (
        "All events",
        "Battles 2",
        "Riots 1",
        "hollow shapes are drafts",
        "Wire number 8 of a long list",
        "Natural Earth",
    ):
        assert words in text, words
    assert reader.metadata
    assert reader.metadata.title == "The Desk: All events"
    assert "Вісті" in str(reader.metadata.subject)
    assert "وكالة" in str(reader.metadata.subject)


@pytest.mark.parametrize("text", ["Kyiv", "Львів", "القاهرة", "東京", "ab\U0001f5fa", "a\ud800b"])
def test_a_word_lies_over_its_place(text: str) -> None:
    many = [Line(0, 10, 10, 90, "".join(map(chr, range(0x4E00 + at, 0x4E00 + at + 50)))) for at in range(0, 600, 50)]
    out = io.BytesIO()
    write_page(Image.new("RGB", (200, 100)), [*many, Line(20, 50, 10, 30, text)], 100, "(t)", "s", out)
    found: list[tuple[str, float, float]] = []

    def visit(said: str, _: object, matrix: list[float], *__: object) -> None:
        if said.strip():
            found.append((said.strip(), matrix[4], matrix[5]))

    (page,) = pypdf.PdfReader(out, strict=True).pages
    page.extract_text(visitor_text=visit)
    words = "".join(word for word, *_ in found)
    assert words.endswith((text.replace("\ud800", "?"), text[::-1])), "pypdf turns Arabic round"
    assert found[-1][1:] == (10.0, 25.0), "in points from the lower left corner"
    assert len(page["/Resources"]["/Font"]) == 3, "255 characters a font"  # type: ignore[arg-type,index]


def test_what_is_held_is_put_together_as_on_the_map() -> None:
    from mapping.preview import Frame

    held = Held.of(EVENTS)
    found = held.view(Frame.around(box_around(list(held.positions())), 1128, 576))
    assert found.matched == len(held) == 3
    assert dict(found.types) == {"Battles": 2, "Riots": 1}
    assert [cluster.count for cluster in found.clusters] == [2]
    (event,) = [held.event(row) for row in found.single_rows]
    assert event.place is not None
    assert (event.event_type, event.place.precision) == ("Riots", Precision.ADMIN1)
    assert event.place.radius_m == EVENTS[2].place.radius_m  # type: ignore[union-attr]
    assert held.days() == "1 Mar 2022 to 1 Apr 2022"
    assert next(str(credit) for credit in held.book.credits()).startswith("source not named")
    nothing = Held.of([])
    assert (len(nothing), nothing.days(), nothing.left_out()) == (0, "", ())


def test_nothing_is_drawn_of_no_events(tmp_path: Path) -> None:
    out = io.BytesIO()
    exporter = further_exporters(open_workspace(Settings(data=tmp_path)))["png"]
    assert exporter.write(iter([]), out, EventQuery()).count == 0
    assert out.getvalue().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("positions", "box"),
    [
        ([(30.0, 50.0)], (30.0, 50.0, 30.0, 50.0)),
        ([(30.0, 50.0), (20.0, 40.0)], (20.0, 40.0, 30.0, 50.0)),
        ([(179.0, 0.0), (-179.0, 5.0), (170.0, 1.0)], (170.0, 0.0, -179.0, 5.0)),
    ],
)
def test_a_box_goes_the_shorter_way_round(
    positions: list[tuple[float, float]], box: tuple[float, float, float, float]
) -> None:
    found = box_around(positions)
    assert found is not None
    assert (found.west, found.south, found.east, found.north) == box
    assert box_around([]) is None


@pytest.mark.parametrize(
    ("most", "kept"), [(137.0, 100), (999.0, 500), (1000.0, 1000), (2.5, 2), (0.7, 0.5), (0.012, 0.01)]
)
def test_scales_are_round(most: float, kept: float) -> None:
    assert nice(most) == pytest.approx(kept)
