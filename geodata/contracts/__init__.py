"""Every extension point, by what it belongs to. Satisfy a Protocol; do not inherit.

Each folder keeps its table, a `Mapping[str, TheProtocol]`, in its `__init__.py`.
"""

from geodata.contracts.imports import ImportedFile, Imports, ImportState, ImportView
from geodata.contracts.stages import (
    Choices,
    EventIndex,
    Exporter,
    Extractor,
    Gazetteer,
    Importer,
    NameMatcher,
    Resolver,
    TableGeocoder,
)
from geodata.contracts.store import ChoiceBook, DuplicateBook, EventStore, StoryLists
from geodata.contracts.values import EventType, PlaceRow, Reading, Receipt, RowProblem, SubType
from geodata.contracts.workspace import Workspace
from geodata.contracts.writing import (
    ChangeBook,
    ChangePage,
    Current,
    Delivery,
    Edit,
    EditBook,
    Edited,
    EventChange,
    Hook,
    HookBook,
    RecentPage,
    Reply,
    RequestKey,
    TokenBook,
)

__all__ = [
    "ChangeBook",
    "ChangePage",
    "ChoiceBook",
    "Choices",
    "Current",
    "Delivery",
    "DuplicateBook",
    "Edit",
    "EditBook",
    "Edited",
    "EventChange",
    "EventIndex",
    "EventStore",
    "EventType",
    "Exporter",
    "Extractor",
    "Gazetteer",
    "Hook",
    "HookBook",
    "ImportState",
    "ImportView",
    "ImportedFile",
    "Importer",
    "Imports",
    "NameMatcher",
    "PlaceRow",
    "Reading",
    "Receipt",
    "RecentPage",
    "Reply",
    "RequestKey",
    "Resolver",
    "RowProblem",
    "StoryLists",
    "SubType",
    "TableGeocoder",
    "TokenBook",
    "Workspace",
]
