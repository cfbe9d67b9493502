"""A question to the store: `EventQuery`, the parameters it is read from, and the English sentence it says itself in."""

from geodata.query.event_query import EventQuery
from geodata.query.params import FILTERS, LISTED, PARAMETERS

__all__ = ["FILTERS", "LISTED", "PARAMETERS", "EventQuery"]
