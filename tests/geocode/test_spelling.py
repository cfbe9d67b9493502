"""Names as newspapers print them, where the rules must hold back. The common cases stand in tests/test_setup.py."""

import csv

import pytest

from geodata.geocode.readers.facts import FACTS, read_spellings
from geodata.geocode.readers.spelling import plain_name, region_name


@pytest.mark.parametrize(
    ("country", "name", "others", "printed"),
    [
        ("ZA", "Free State", (), "Free State"),
        ("LK", "Western Province", (), "Western Province"),
        ("US", "California", ("California Republic",), "California"),
        ("PL", "Lubelskie", ("Lublin Voivodeship",), "Lublin"),
        ("SY", "Ḩamāh", ("Hama Governorate",), "Hama"),
    ],
)
def test_areas(country: str, name: str, others: tuple[str, ...], printed: str) -> None:
    assert region_name(name, others, country) == printed


@pytest.mark.parametrize(
    ("country", "name", "printed"),
    [("AE", "‘Ajmān", "Ajman"), ("SY", "Ţarţūs", "Tartus"), ("CI", "Côte", "Côte"), ("FR", "L'Aigle", "L'Aigle")],
)
def test_towns(country: str, name: str, printed: str) -> None:
    assert plain_name(name, country) == printed


@pytest.mark.parametrize("table", ["town_spellings", "area_names", "country_names"])
def test_tables_hold_each_code_once(table: str) -> None:
    with (FACTS / f"{table}.csv").open(encoding="utf-8", newline="") as lines:
        codes = [row["code"] for row in csv.DictReader(lines)]
    assert len(codes) == len(set(codes))
    assert set(read_spellings(table)) == set(codes)
