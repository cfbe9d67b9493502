"""The index in memory that counts, day histograms and clusters are answered from, as `contracts.EventIndex` has it."""

from geodata.index.columns import ColumnIndex

__all__ = ["ColumnIndex"]
