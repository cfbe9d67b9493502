"""Bring your own: GeoNames country dumps and alternate names, added to the gazetteer and taken out again."""

from geodata.geocode.additions.library import add_dumps, additions, build_with_additions, remove_dump
from geodata.geocode.additions.shelf import Addition

__all__ = ["Addition", "add_dumps", "additions", "build_with_additions", "remove_dump"]
