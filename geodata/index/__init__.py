"""The index in memory that counts, day histograms and clusters are answered from, as `contracts.EventIndex` has it."""

from geodata.index.columns import ColumnIndex
from geodata.index.live import LiveIndex

__all__ = ["ColumnIndex", "LiveIndex"]
