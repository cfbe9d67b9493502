"""The parameters of a question, both ways, and what is refused with what is accepted."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.errors import UsageError
from geodata.geometry import BBox
from geodata.model import Precision, Status
from geodata.query import PARAMETERS, EventQuery
from geodata.shapes import Circle, Polygon
from geodata.timespan import Interval

WORDS = st.text(st.characters(blacklist_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), max_size=20)
NAMES = st.lists(WORDS.filter(bool), max_size=2, unique=True).map(tuple)
SQUARE = "22,44,40,44,40,52,22,52"


@given(
    st.builds(
        EventQuery,
        bbox=st.none() | st.just(BBox(22, 44, 40, 52)) | st.just(BBox(170, -20, -170, -10)),
        datetime=st.sampled_from([Interval(), Interval(date(2022, 2, 24)), Interval(None, date(2023, 1, 1))]),
        types=st.sampled_from([(), ("Battles",), ("Battles", "Explosions/Remote violence")]),
        text=WORDS,
        precision=st.none() | st.sampled_from(Precision),
        statuses=st.sampled_from([(), (Status.DRAFT,), (Status.REVIEWED, Status.REJECTED)]),
        undated=st.sampled_from(["include", "exclude", "only"]),
        unplaced=st.sampled_from(["include", "exclude", "only"]),
        near=st.none() | st.just(Circle(38.00001, -48.6, 0.125)),
        polygon=st.none() | st.just(Polygon(((177, -20), (182.1234567, -20), (182, -15)))),
        country=st.sampled_from([("UA",), ("UA", "PL")]),
        admin1=WORDS,
        source=NAMES,
        actor=WORDS,
        fatalities=st.none() | st.integers(0, 10_000_000),
        dates=st.sampled_from(["possibly", "surely"]),
    )
)
def test_a_query_survives_its_own_parameters(query: EventQuery) -> None:
    params = query.to_params()
    assert EventQuery.from_params(params) == query
    assert set(params) <= set(PARAMETERS)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("type", "Battels", "accepted: Battles"),
        ("status", "maybe", "accepted: draft, reviewed, rejected"),
        ("precision", "roughly", "accepted: exact, near"),
        ("undated", "yes", "accepted: include, exclude, only"),
        ("dates", "maybe", "accepted: possibly, surely"),
        ("datetime", "2023-13-45", "in no calendar; accepted: a day"),
        ("datetime", "2023-02-30", "in no calendar"),
        ("datetime", "yesterday", "accepted: a day"),
        ("datetime", "2023/2022", "ends before it starts"),
        ("datetime", "2022/2023/2024", "accepted: a day"),
        ("bbox", "a", "accepted: west,south,east,north"),
        ("bbox", "1,2,3", "3 numbers"),
        ("bbox", "44,222,52,240", r"off the map; accepted: lon -180..180, lat -90..90"),
        ("bbox", "48,135,49,136", "are they swapped"),
        ("bbox", "nan,0,1,1", "not finite"),
        ("bbox", "0,0,inf,1", "not finite"),
        ("bbox", "0,1,1,0", "south above its north"),
        ("q", "x" * 201, "at most 200"),
        ("actor", "x" * 201, "at most 200"),
        ("near", "38,48", "2 numbers; accepted: lon,lat,km"),
        ("near", "38,48,here", "not all numbers; accepted: lon,lat,km"),
        ("near", "48.6,138,25", "are they swapped"),
        ("near", "38,48,0", "radius of 0 km; accepted"),
        ("near", "38,48,-1", "radius of -1 km"),
        ("near", "38,48,nan", "radius of nan km"),
        ("near", "38,48,1e9", "accepted: lon,lat,km"),
        ("polygon", "x", "not all numbers; accepted: lon,lat,lon,lat"),
        ("polygon", "1,2", "1 corners; accepted: .* 3 to 500 corners"),
        ("polygon", "1,2,3,4", "2 corners"),
        ("polygon", "1,2,3,4,1,2", "2 corners"),
        ("polygon", "1,2,3,4,5", "an odd one"),
        ("polygon", "0,0,1,0,nan,1", "not finite"),
        ("polygon", "44,122,52,140,44,140", "are they swapped"),
        ("polygon", "0,0,1,0,1,91", "off the map; accepted: lon -360..360, lat -90..90"),
        ("polygon", "400,0,401,0,401,1", "off the map"),
        ("polygon", "170,-20,-170,-20,-170,-15,170,-15", "either way around the Earth; accepted: .*corner between"),
        ("polygon", "-300,0,-150,0,0,0,150,0,0,5,-150,5", "goes around the Earth more than once"),
        ("polygon", ",".join(["1.5,2.5"] * 10_000), "10,000 corners; accepted: .* 3 to 500"),
        ("polygon", ",".join(f"{i / 100},{i % 7}" for i in range(501)), "501 corners"),
        ("country", "Ukraine", "two letters of ISO 3166-1, as UA"),
        ("country", "U1", "two letters"),
        ("admin1", "Donetsk Oblast", "without its country; accepted: both"),
        ("fatalities", "many", "a whole number from 0"),
        ("fatalities", "-1", "a whole number from 0"),
        ("fatalities", "1.5", "a whole number from 0"),
        ("fatalities", "9" * 30, "a whole number from 0"),
        ("fatalities", "٣", "a whole number from 0"),
        ("sub_type", ",".join(map(str, range(301))), "sub_type has 301 values; accepted: at most 300"),
        ("sub_type", "x" * 201, "sub_type has 201 characters"),
    ],
)
def test_what_does_not_fit_is_refused_with_what_does(name: str, value: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        EventQuery.from_params({name: [value]}, known_types=("Battles", "Riots"))


@pytest.mark.parametrize(
    ("params", "field", "value"),
    [
        ({"datetime": ["../2022"]}, "datetime", Interval(None, date(2022, 12, 31))),
        ({"datetime": ["/2022-03"]}, "datetime", Interval(None, date(2022, 3, 31))),
        ({"datetime": ["2022-03-01/"]}, "datetime", Interval(date(2022, 3, 1))),
        ({"datetime": ["../.."]}, "datetime", Interval()),
        ({"bbox": ["-180,-90,180,90"]}, "bbox", BBox(-180, -90, 180, 90)),
        ({"bbox": ["177,-20,-178,-15"]}, "bbox", BBox(177, -20, -178, -15)),
        ({"bbox": ["10,90,20,90"]}, "bbox", BBox(10, 90, 20, 90)),
        ({"near": ["0,90,100"]}, "near", Circle(0, 90, 100)),
        ({"polygon": [f"{SQUARE},22,44"]}, "polygon", Polygon(((22, 44), (40, 44), (40, 52), (22, 52)))),
        ({"country": ["ua, PL", "UA"]}, "country", ("UA", "PL")),
        ({"source": ["Smith, Jones & Co", "Smith, Jones & Co", " "]}, "source", ("Smith, Jones & Co",)),
        ({"fatalities": ["007"]}, "fatalities", 7),
        ({"fatalities": [""]}, "fatalities", None),
        ({"colour": ["red"], "zoom": ["99"]}, "types", ()),
    ],
)
def test_what_is_odd_but_right_is_read(params: dict[str, list[str]], field: str, value: object) -> None:
    assert getattr(EventQuery.from_params(params), field) == value
