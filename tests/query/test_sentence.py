"""A question says itself in one English sentence."""

import pytest

from geodata.query import EventQuery


@pytest.mark.parametrize(
    ("params", "sentence"),
    [
        ({}, "All events."),
        ({"type": ["Battles,Riots,Protests"]}, "Battles, Riots and Protests."),
        ({"sub_type": ["Attack"]}, "Events of the sub-type Attack."),
        (
            {"type": ["Battles"], "sub_type": ["Armed clash", "Attack"]},
            "Battles of the sub-types Armed clash and Attack.",
        ),
        ({"type": ["Battles,Riots"], "datetime": ["2022-02"]}, "Battles and Riots in February 2022."),
        ({"datetime": ["2022"]}, "Events in 2022."),
        ({"datetime": ["2022/2023"]}, "Events from 2022 to 2023."),
        ({"datetime": ["2022-11/2023-01"]}, "Events from November 2022 to January 2023."),
        ({"datetime": ["2022-11-03/2022-11-09"]}, "Events from 3 to 9 November 2022."),
        ({"datetime": ["2022-10-31/2022-11-09"]}, "Events from 31 October to 9 November 2022."),
        ({"datetime": ["2022-11-11"], "dates": ["surely"]}, "Events certainly on 11 November 2022."),
        ({"dates": ["surely"]}, "All events."),
        ({"datetime": ["9999-12-31/.."]}, "Events from 31 December 9999 on."),
        ({"datetime": ["9999"]}, "Events from 1 January to 31 December 9999."),
        ({"datetime": ["../2022-03-01"], "q": ["mine"]}, "Events up to 1 March 2022, with the words 'mine'."),
        ({"bbox": ["177,-20,-178,0"]}, "Events between 20° S and 0°, 177° E and 178° W."),
        ({"near": ["38,48.5956,25"]}, "Events within 25 km of 48.5956° N, 38° E."),
        ({"polygon": ["0,0,1,0,1,1"]}, "Events inside a drawn area of 3 corners."),
        ({"country": ["UA", "gb"]}, "Events in Ukraine or the United Kingdom."),
        ({"country": ["UA"], "admin1": ["Donetsk Oblast"]}, "Events in Donetsk Oblast, Ukraine."),
        ({"country": ["XX"]}, "Events in XX."),
        ({"source": ["Paper 1", "Paper 2", "BBC"]}, "Events reported by Paper 1, Paper 2 or BBC."),
        ({"actor": ["wagner"]}, "Events with an actor named 'wagner'."),
        ({"fatalities": ["1"]}, "Events with at least 1 death reported."),
        ({"fatalities": ["1000"]}, "Events with at least 1,000 deaths reported."),
        ({"fatalities": ["0"]}, "Events with a number of deaths reported."),
        ({"precision": ["admin1"]}, "Events placed to the province or better."),
        ({"status": ["draft,reviewed"]}, "Events with the status draft or reviewed."),
        (
            {"type": ["Riots"], "country": ["UA"], "datetime": ["2022"], "undated": ["exclude"], "unplaced": ["only"]},
            "Riots in Ukraine, in 2022, leaving out those without a date, only those without a place.",
        ),
    ],
)
def test_a_query_says_itself(params: dict[str, list[str]], sentence: str) -> None:
    assert str(EventQuery.from_params(params)) == sentence
