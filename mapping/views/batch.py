"""Many stories at a time: `/stories` lists them, `/drafts` the drafts across them, the least sure first."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Blueprint, render_template, request

from geodata.answers import DraftLine, KeptStory
from geodata.contracts import Workspace
from geodata.errors import UsageError, shown
from geodata.timespan import TimeSpan
from mapping.story_json import story_line

A_PAGE = 50
LOOK_WORDS: Mapping[str, tuple[str, str]] = {
    "place": ("unsure or missing place", "unsure or missing places"),
    "date": ("wide or missing date", "wide or missing dates"),
    "year": ("date that contradicts publication", "dates that contradict publication"),
    "confidence": ("low confidence", "of low confidence"),
}
FIRST_DOWN = {"date": True, "confidence": False, "title": False}
"""Whether a list begins with the highest: the latest date, but the least sure draft."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What part of a list a person asked for, and the addresses of the others."""

    path: str
    sort: str
    down: bool
    look: bool
    offset: int

    def address(self, **changes: object) -> str:
        """This list with other choices, from its start unless an offset is given."""
        sort = str(changes.get("sort", self.sort))
        down = bool(changes.get("down", self.down if sort == self.sort else FIRST_DOWN[sort]))
        look = bool(changes.get("look", self.look))
        params = {
            "sort": sort,
            "order": "desc" if down else "asc",
            "look": "1" if look else "",
            "offset": changes.get("offset"),
        }
        return f"{self.path}?{urlencode({name: value for name, value in params.items() if value})}"

    def sort_links(self, names: Mapping[str, str]) -> list[dict[str, object]]:
        """One link a sorting; the current one turns it round."""
        return [
            {
                "text": text,
                "href": self.address(sort=sort, down=not self.down) if sort == self.sort else self.address(sort=sort),
                "current": sort == self.sort,
                "down": self.down,
            }
            for sort, text in names.items()
        ]

    def pages(self, total: int) -> dict[str, object]:
        earlier, later = max(0, self.offset - A_PAGE), self.offset + A_PAGE
        return {
            "total": total,
            "first": min(self.offset + 1, total),
            "last": min(later, total),
            "earlier": self.address(offset=earlier) if self.offset else None,
            "later": self.address(offset=later) if later < total else None,
        }


def batch_blueprint(workspace: Workspace) -> Blueprint:
    """`/stories` and `/drafts`, over `workspace`."""
    views = Blueprint("batch", __name__)

    @views.get("/stories")
    def list_stories() -> str:
        asked = _asked("/stories", "date", ("date", "confidence", "title"))
        total, found = workspace.store.lists.stories(asked.sort, asked.down, asked.look, A_PAGE, asked.offset)
        return render_template(
            "story_list.html",
            stories=[_story(item) for item in found],
            asked=asked,
            sorts=asked.sort_links({"date": "Date", "confidence": "Confidence", "title": "Title"}),
            pages=asked.pages(total),
        )

    @views.get("/drafts")
    def list_drafts() -> str:
        asked = _asked("/drafts", "confidence", ("confidence", "date"))
        total, found = workspace.store.lists.drafts(asked.sort, asked.down, asked.look, A_PAGE, asked.offset)
        return render_template(
            "drafts.html",
            drafts=[_draft(item) for item in found],
            asked=asked,
            sorts=asked.sort_links({"confidence": "Confidence", "date": "Date"}),
            pages=asked.pages(total),
        )

    return views


def _asked(path: str, default: str, accepted: tuple[str, ...]) -> Listing:
    sort = request.args.get("sort", "") or default
    if sort not in accepted:
        raise UsageError(f"sort {shown(sort)} is unknown; accepted: {', '.join(accepted)}")
    order = request.args.get("order", "")
    if order not in ("", "asc", "desc"):
        raise UsageError(f"order {shown(order)} is unknown; accepted: asc, desc")
    offset = request.args.get("offset", "") or "0"
    if not offset.isascii() or not offset.isdigit() or len(offset) > 9:
        raise UsageError(f"offset is {shown(offset)}; accepted: a whole number from 0")
    down = order == "desc" if order else FIRST_DOWN[sort]
    return Listing(path, sort, down, request.args.get("look", "") == "1", int(offset))


def _story(story: KeptStory) -> dict[str, object]:
    looks = [f"{count} {LOOK_WORDS[name][count > 1]}" for name, count in story.looks.items()]
    return {**story_line(story), "least": _percent(story.least), "looks": looks}


def _draft(line: DraftLine) -> dict[str, object]:
    event, place = line.event, line.event.place
    facts = [
        event.sub_event_type or event.event_type,
        _when(event.when) if event.when else "no date",
        f"{'near ' if place.precision.value == 'near' else ''}{place.name}" if place else "no place",
    ]
    return {
        "id": event.event_id,
        "doc_id": event.doc_id,
        "title": event.title or event.sub_event_type or event.event_type,
        "facts": " · ".join(facts),
        "quote": event.quote,
        "story": line.story_title or "Story without a title",
        "confidence": _percent(event.confidence),
        "looks": [LOOK_WORDS[name][0] for name in line.looks],
        "notes": event.notes,
    }


def _percent(share: float | None) -> str:
    return "" if share is None else f"{round(100 * share)}\N{NO-BREAK SPACE}%"


def _when(span: TimeSpan) -> str:
    """ "11 Nov 2022", "3 Nov to 9 Nov 2023"."""
    last = f"{span.end.day} {span.end:%b %Y}"
    if span.start == span.end:
        return last
    same = span.start.year == span.end.year
    return f"{span.start.day} {span.start:{'%b' if same else '%b %Y'}} to {last}"
