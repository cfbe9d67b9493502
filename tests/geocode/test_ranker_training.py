"""How the ranker of places is trained, on our own small gazetteer; needs what requirements-training.txt installs."""

from pathlib import Path

import numpy as np
import pytest

from geodata.contracts import PlaceRow
from geodata.geocode.gazetteer import SqliteGazetteer
from geodata.geocode.resolver import GazetteerResolver
from geodata.geocode.rows import RowEvidence
from geodata.geocode.table import TablePlaces
from geodata.model import Place, Precision

pytest.importorskip("lightgbm", reason="requirements-training.txt is not installed")
pytest.importorskip("sklearn", reason="requirements-training.txt is not installed")

from training import ranker, ranker_judge, ranker_made, ranker_rows, ranker_stories

GEOVIRUS = """<articles><article><text>A flu in Paris, Texas spread to Kyiv, Lviv, and Suva.</text><locations>
<location><name>Paris</name><start>10</start><end>15</end><lat>33.7</lat><lon>-95.6</lon></location>
<location><name>Texas</name><start>17</start><end>22</end><lat>31.4</lat><lon>-99.3</lon></location>
<location><name>Kyiv</name><start>33</start><end>37</end><lat>50.5</lat><lon>30.5</lon></location>
<location><name>Lviv</name><start>39</start><end>43</end></location>
</locations></article></articles>"""


def rows() -> list[ranker_rows.GoldRow]:
    places = [("Paris", "Texas", "United States", -95.55, 33.66), ("Kherson", "Kherson oblast", "Ukraine", 32.6, 46.6)]
    made = [PlaceRow(str(n), name, area, "", land) for n, (name, area, land, _, _) in enumerate(places)]
    return [
        ranker_rows.GoldRow(row, lon, lat, row.place, False) for row, (*_, lon, lat) in zip(made, places, strict=True)
    ]


def test_names_of_the_corpus_are_bound_by_a_comma_and_not_in_a_list(tmp_path: Path) -> None:
    (tmp_path / "x.xml").write_text(GEOVIRUS, encoding="utf-8")
    story = next(ranker_stories.read_geovirus(tmp_path / "x.xml"))
    assert [(name.text, name.context) for name in story.toponyms] == [
        ("Paris", ("Texas",)),
        ("Texas", ()),
        ("Kyiv", ()),
        ("Lviv", ()),
    ]
    assert story.points == ((-95.6, 33.7), (-99.3, 31.4), (30.5, 50.5), None)


def test_made_up_stories_are_the_same_each_time_and_hold_every_row() -> None:
    one, other = list(ranker_stories.made_up(rows() * 5)), list(ranker_stories.made_up(rows() * 5))
    assert one == other
    names = [name.span.of(story.document.text) for story in one for name in story.toponyms]
    assert names.count("Paris") == names.count("Kherson") == 5


def test_made_rows_come_from_the_gazetteer_and_are_the_same_each_time(small_path: Path) -> None:
    made = list(ranker_made.made_rows(small_path))
    assert made == list(ranker_made.made_rows(small_path))
    assert {row.said for row in made} == {0, 1, 2}
    assert any(row.is_area for row in made)


def test_rows_are_learnt_from_with_less_and_less_said() -> None:
    assert [gold.said for gold in ranker_rows.with_less(rows()[:1])] == [3, 2, 1, 0]
    assert [gold.row.country for gold in ranker_rows.with_less(rows()[:1])] == ["United States"] * 3 + [""]


def test_the_ranker_learns_what_tells_right_from_wrong_and_keeps_to_the_prior_elsewhere() -> None:
    count = len(ranker.PRIOR)
    features = np.zeros((2, count))
    features[0, 0], features[1, 1] = 0.5, 1.0
    model = ranker.fit([(features, np.array([False, True]), 1.0)] * 200, ranker.PRIOR)
    weights = model.weights[:, 0]
    assert weights[1] > ranker.PRIOR[1]
    assert weights[0] < ranker.PRIOR[0]
    assert weights[2:] == pytest.approx(ranker.PRIOR[2:])


def test_choices_and_examples_of_a_small_world(small: SqliteGazetteer) -> None:
    table = TablePlaces(small)
    gold = list(ranker_rows.with_less(rows()))
    assert ranker.row_choices(table, gold)
    examples = ranker.row_examples(table, gold)
    assert {len(example.evidence) for example in examples} == {len(RowEvidence._fields)}
    stories = list(ranker_stories.made_up(rows()))
    resolver = GazetteerResolver(small, model=ranker.as_linear(ranker.PRIOR))
    assert ranker.story_examples(resolver, stories)
    assert all(right.any() and not right.all() for _, right, _ in ranker.choices(resolver, stories))


@pytest.mark.parametrize(
    ("precision", "radius_m", "away_deg", "right"),
    [
        (Precision.EXACT, 0, 0.2, True),
        (Precision.EXACT, 0, 0.3, False),
        (Precision.ADMIN1, 100_000, 0.4, True),
        (Precision.ADMIN1, 100_000, 0.5, False),
        (Precision.NEAR, 100_000, 0.3, False),
    ],
)
def test_what_is_right(precision: Precision, radius_m: float, away_deg: float, right: bool) -> None:
    assert ranker_judge.is_right(Place("X", 10, 0, precision, radius_m=radius_m), (10, away_deg)) is right


def test_confidences_are_lowered_in_order() -> None:
    shares = np.array([0.1, 0.5, 0.9, 1.0])
    lowered = ranker_judge.lowered(shares, 0.7)
    assert (lowered <= shares).all()
    assert lowered[1] == pytest.approx(0.332, abs=0.001)
    assert sorted(lowered) == lowered.tolist()
