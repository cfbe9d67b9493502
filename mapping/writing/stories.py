"""What the write API does with stories: a text is read to drafts, as on the page, and kept with them.

Stories that are sent again lose the drafts that are not found in them any more; what a person reviewed or rejected
stays.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import quote

from flask import request

from geodata.contracts import Current, Edit, Edited, Reply, Workspace
from geodata.errors import shown
from geodata.features import dumps
from geodata.model import Document, Event, Span, Status, StoryDraft
from geodata.tokens import Scope, Token
from mapping.json_fields import Fields
from mapping.story_form import BY_HAND, StoryMeta
from mapping.writing.bodies import JSON, json_body
from mapping.writing.events import told
from mapping.writing.feature_form import id_problem
from mapping.writing.keys import key_of
from mapping.writing.refusing import Refused
from mapping.writing.tags import check_absent, check_none, check_tag, story_tag

NAMES: Mapping[str, str] = {
    "text/plain": "story.txt",
    "text/markdown": "story.md",
    "text/html": "story.html",
    "application/xhtml+xml": "story.html",
    "application/pdf": "story.pdf",
}
"""Media types that are read beside JSON, each by its importer."""
KINDS = (JSON, *NAMES)
META = ("title", "url", "publisher", "published")


@dataclass(frozen=True, slots=True)
class _Sent:
    """A story as it was sent."""

    data: bytes | str
    name: str
    meta: StoryMeta
    doc_id: str = ""


class StoryWriter:
    """Writes for one workspace. Safe to share between threads."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def add(self, token: Token) -> Reply:
        """POST: a new story; one that is there with the same text is read again."""
        sent = self._sent()
        draft = self._read(sent, sent.doc_id)
        document = draft.document

        def decide(current: Current) -> Edit:
            there = current.document
            if there and there.text != document.text:
                raise Refused(409, f"story {document.doc_id} is there with another text; PUT changes what is there")
            return _edit(current, draft, replace(document, sample=there.sample) if there else document)

        return self._edit(token, draft, decide)

    def put(self, token: Token, doc_id: str) -> Reply:
        """PUT: a story under an id of the caller's own, or another text of it."""
        if problem := id_problem(doc_id):
            raise Refused(422, problem)
        sent = self._sent()
        if sent.doc_id and sent.doc_id != doc_id:
            raise Refused(422, f"id is {shown(sent.doc_id)}; accepted: {doc_id}, as in the address, or none")
        draft = self._read(sent, doc_id)

        def decide(current: Current) -> Edit:
            if current.document is None:
                check_absent(f"story {doc_id}")
            else:
                check_none(story_tag(current.document), f"story {doc_id}")
                check_tag(story_tag(current.document), f"story {doc_id}")
            return _edit(current, draft, draft.document)

        return self._edit(token, draft, decide)

    def remove(self, token: Token, doc_id: str) -> Reply:
        """DELETE: the story goes with its events; their history stays."""

        def decide(current: Current) -> Edit:
            if current.document is None:
                raise Refused(404, f"there is no story with the id {shown(doc_id)}")
            said = [name for name, event in current.events.items() if event.status is not Status.DRAFT]
            if said and not token.may(Scope.REVIEW):
                raise Refused(
                    403,
                    f"a person reviewed or rejected {len(said)} of its events; the scope review may remove them",
                    headers={"WWW-Authenticate": 'Bearer realm="Dateline", error="insufficient_scope", scope="review"'},
                )
            check_tag(story_tag(current.document), f"story {doc_id}")
            return Edit(removes_document=True)

        def answer(done: Edited) -> Reply:
            return Reply(200, dumps({"id": doc_id, "removedEvents": list(done.removed)}), {"Content-Type": JSON})

        return self._workspace.store.edits.edit([], decide, answer, key_of(token), doc_id)

    def _sent(self) -> _Sent:
        if request.mimetype in NAMES:
            meta = StoryMeta.from_fields({name: request.args.get(name, "") for name in META})
            return _Sent(request.get_data(), NAMES[request.mimetype], meta, request.args.get("id", ""))
        fields = Fields(json_body(*KINDS), "the story")
        meta = StoryMeta.from_fields({name: fields.text(name, 10_000) for name in META})
        most = self._workspace.settings.max_upload_bytes
        text, html = fields.exact("text", most), fields.exact("html", most)
        if bool(text.strip()) == bool(html.strip()):
            raise Refused(422, "a story in JSON has either text or html, and one of them has to be there")
        return _Sent(text or html, "story.txt" if text.strip() else "story.html", meta, fields.text("id", 200))

    def _read(self, sent: _Sent, doc_id: str) -> StoryDraft:
        if doc_id and (problem := id_problem(doc_id)):
            raise Refused(422, problem)
        meta = sent.meta
        return self._workspace.read_story(
            sent.data,
            sent.name,
            title=meta.title,
            url=meta.url,
            publisher=meta.publisher,
            published=meta.published,
            doc_id=doc_id,
        )

    def _edit(self, token: Token, draft: StoryDraft, decide: Callable[[Current], Edit]) -> Reply:
        document = draft.document
        new: list[bool] = []

        def deciding(current: Current) -> Edit:
            new.append(current.document is None)
            return decide(current)

        def answer(done: Edited) -> Reply:
            body = {
                "id": document.doc_id,
                "title": document.source.title or None,
                "published": document.source.published and document.source.published.isoformat(),
                "language": document.language or None,
                "notes": list(draft.notes),
                "added": len(done.added),
                "changed": len(done.changed),
                "unchanged": len(done.unchanged),
                "removed": len(done.removed),
                "events": {"type": "FeatureCollection", "features": [told(event) for event in done.events.values()]},
            }
            headers = {
                "Content-Type": JSON,
                "ETag": f'"{story_tag(document)}"',
                "Location": f"{request.url_root.rstrip('/')}/stories/{quote(document.doc_id, safe='')}",
            }
            return Reply(201 if new[-1] else 200, dumps(body), headers)

        ids = [event.event_id for event in draft.events]
        return self._workspace.store.edits.edit(ids, deciding, answer, key_of(token), document.doc_id)


def _edit(current: Current, draft: StoryDraft, document: Document) -> Edit:
    """The story with its drafts; drafts of a former text go, what a person said or added stays, at its words if there.

    The same text read again takes nothing away.
    """
    if current.document is None or current.document.text == document.text:
        return Edit(drafts=draft.events, document=document)
    found = {event.event_id for event in draft.events}
    mine = [event for event in current.events.values() if event.doc_id == document.doc_id]
    former = [event for event in mine if event.event_id not in found]
    gone = {event.event_id for event in former if _is_machines(event) and event.event_id not in current.survivors}
    stays = [_moved(event, document.text) for event in former if event.event_id not in gone]
    return Edit(drafts=draft.events, removed=sorted(gone), document=document, events=stays)


def _is_machines(event: Event) -> bool:
    return event.status is Status.DRAFT and BY_HAND not in event.tags


def _moved(event: Event, text: str) -> Event:
    """The event with its quote where it stands in another text; without places in it where it does not."""
    at = text.find(event.quote) if event.quote else -1
    before = event.quote_span
    if at < 0 or before is None:
        return replace(event, quote_span=None, when_span=None, place_span=None)
    shift = at - before.start

    def shifted(span: Span | None) -> Span | None:
        inside = span is not None and before.covers(span)
        return Span(span.start + shift, span.end + shift) if span and inside else None

    return replace(
        event,
        quote_span=Span(at, at + len(event.quote)),
        when_span=shifted(event.when_span),
        place_span=shifted(event.place_span),
    )
