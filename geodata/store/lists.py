"""The stories kept, and the drafts across them, a page at a time: sorted, and only those that a person should look at.

Why a draft should be looked at is decided by the database, so that neither a filter nor a count reads every draft.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, UnaryExpression, and_, case, func, literal_column, select

from geodata.answers import DraftLine, KeptStory
from geodata.errors import UsageError, shown
from geodata.looks import LOOKS
from geodata.model import Status
from geodata.store.choices import Connections
from geodata.store.duplicate_tables import DRAFT, LOOK, WHY
from geodata.store.rows import day_of_text, event_of
from geodata.store.saving import sources_by_id
from geodata.store.schema import documents, events

STORY_ORDERS = ("confidence", "date", "title")
DRAFT_ORDERS = ("confidence", "date")
_COLUMN = re.compile(r"\b(status|doc_id|confidence|lon|precision|start_day|end_day|notes)\b")


def _said(condition: str) -> ColumnElement[bool]:
    """A condition of an index, word by word, with its columns named as those of `events` beside other tables."""
    return literal_column(_COLUMN.sub(r"events.\1", condition))


_DRAFTS = tuple(_said(part) for part in DRAFT.split(" AND "))
_DRAFT = and_(*_DRAFTS)
_LOOK = _said(LOOK)
_WHY = {name: _said(WHY[name]) for name in LOOKS}
_STORY = ("doc_id", "title", "url", "publisher", "published", "sample")


class SqlLists:
    """Satisfies `contracts.StoryLists`."""

    def __init__(self, store: Connections) -> None:
        self._store = store

    def stories(
        self, order: str = "date", descending: bool = True, look: bool = False, limit: int = 50, offset: int = 0
    ) -> tuple[int, Sequence[KeptStory]]:
        _check(order, STORY_ORDERS)
        listed = select(documents.c.doc_id)
        least = None
        if look or order == "confidence":
            # only these need what the events say before a page is chosen
            drafts = _drafts(look).subquery()
            least = drafts.c.least
            listed = listed.join(drafts, drafts.c.doc_id == documents.c.doc_id, isouter=not look)
        total = select(func.count()).select_from(listed.order_by(None).subquery())
        key = {"date": documents.c.published, "title": documents.c.title}.get(order, least)
        assert key is not None
        page = listed.order_by(_order(key, descending), documents.c.doc_id).limit(limit).offset(offset)
        with self._store.reading() as connection:
            count = int(connection.execute(total).scalar_one())
            ids = connection.execute(page).scalars().all()
            found = {
                row["doc_id"]: row
                for row in connection.execute(_by_story().where(documents.c.doc_id.in_(ids))).mappings()
            }
        return count, tuple(_kept(found[doc_id]) for doc_id in ids)

    def drafts(
        self, order: str = "confidence", descending: bool = False, look: bool = False, limit: int = 50, offset: int = 0
    ) -> tuple[int, Sequence[DraftLine]]:
        _check(order, DRAFT_ORDERS)
        conditions = (*_DRAFTS, _LOOK) if look else _DRAFTS
        key = events.c.start_day if order == "date" else events.c.confidence
        # the ids by an index alone; then the rows of one page
        page = select(events.c.event_id).where(*conditions).order_by(_order(key, descending), events.c.event_id)
        with self._store.reading() as connection:
            total = connection.execute(select(func.count()).select_from(events).where(*conditions)).scalar_one()
            ids = connection.execute(page.limit(limit).offset(offset)).scalars().all()
            found = connection.execute(_draft_rows().where(events.c.event_id.in_(ids))).mappings()
            rows = {row["event_id"]: row for row in found}
            sources = sources_by_id(connection, ids)
        lines = [
            DraftLine(
                event_of(rows[name], sources.get(name, ())),
                rows[name]["story_title"] or "",
                tuple(why for why in LOOKS if rows[name][f"look_{why}"]),
            )
            for name in ids
        ]
        return int(total), tuple(lines)


def _check(order: str, accepted: Sequence[str]) -> None:
    if order not in accepted:
        raise UsageError(f"sort {shown(order)} is unknown; accepted: {', '.join(accepted)}")


def _order(key: Any, descending: bool) -> UnaryExpression[Any]:
    """By the column, what has none last."""
    ordered: UnaryExpression[Any] = key.desc() if descending else key.asc()
    return ordered.nulls_last()


def _drafts(look: bool) -> Select[Any]:
    """The least confidence of each story's drafts; `look`: of those with a draft to look at only."""
    chosen = select(events.c.doc_id, func.min(events.c.confidence).label("least")).where(*_DRAFTS)
    return (chosen.where(_LOOK) if look else chosen).group_by(events.c.doc_id)


def _by_story() -> Select[Any]:
    """The lines of stories: their events counted by status, and their drafts by why they should be looked at."""
    counts = [func.count(case((events.c.status == str(status), 1))).label(str(status)) for status in Status]
    looks = [func.count(case((and_(_DRAFT, why), 1))).label(f"look_{name}") for name, why in _WHY.items()]
    least = func.min(case((_DRAFT, events.c.confidence))).label("least")
    chosen = select(*(documents.c[name] for name in _STORY), *counts, *looks, least)
    return chosen.outerjoin(events, events.c.doc_id == documents.c.doc_id).group_by(documents.c.doc_id)


def _draft_rows() -> Select[Any]:
    """Events with the title of their story, and whether each of `LOOKS` holds."""
    why = [condition.label(f"look_{name}") for name, condition in _WHY.items()]
    chosen = select(events, documents.c.title.label("story_title"), *why)
    return chosen.outerjoin(documents, documents.c.doc_id == events.c.doc_id)


def _kept(row: Mapping[Any, Any]) -> KeptStory:
    values = {name: row[name] for name in (*_STORY, *map(str, Status), "least")}
    looks = {name: row[f"look_{name}"] for name in LOOKS if row[f"look_{name}"]}
    return KeptStory(**{**values, "published": day_of_text(row["published"])}, looks=looks)
