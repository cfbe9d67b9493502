"""Spelling names as the gazetteer does, so that the map's labels and the lists of places agree."""

from geodata.geocode.readers.facts import read_spellings
from geodata.geocode.readers.spelling import folded, plain_name, region_name

__all__ = ["folded", "plain_name", "read_spellings", "region_name"]
