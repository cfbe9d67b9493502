"""A country by any of its codes or English names -> ISO 3166-1 alpha-2, as `Place.country` has it.

Codes are ISO 3166-1's (two letters, three letters, three digits) and FIPS 10-4, which GDELT writes. Names are those of
event data sets, former ones too: UCDP's "Russia (Soviet Union)".
"""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

_TABLE = Path(__file__).parent / "country_codes.csv"
_FIPS_TOO = {"GZ": "PS"}  # FIPS 10-4 has Gaza and the West Bank apart


def iso2(text: str) -> str:
    """The code of a country's name or ISO code; empty where it is not known."""
    return _by_name().get(text.strip().casefold(), "")


def iso2_of_fips(code: str) -> str:
    """The ISO code of a FIPS 10-4 code; empty where it is not known."""
    return _by_fips().get(code.strip().upper(), "")


@cache
def _by_name() -> Mapping[str, str]:
    known = {}
    for row in _rows():
        codes = [code for code in (row["iso2"], row["iso3"], row["number"]) if code.strip("0")]
        numbers = [row["number"].lstrip("0")] if row["number"].strip("0") else []
        for name in (*row["names"].split("|"), *codes, *numbers):
            known[name.casefold()] = row["iso2"]
    return known


@cache
def _by_fips() -> Mapping[str, str]:
    return {**{row["fips"]: row["iso2"] for row in _rows() if row["fips"]}, **_FIPS_TOO}


def _rows() -> list[dict[str, str]]:
    with _TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
