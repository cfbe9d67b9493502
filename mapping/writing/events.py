"""What the write API does with events: each request is read whole, checked whole, then done in one transaction.

What a token may not vouch for is kept as a draft, and such a token changes nothing that a person reviewed or rejected.
"""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from urllib.parse import quote

from flask import request

from geodata.contracts import Current, Edit, Edited, Reply, RequestKey, Workspace
from geodata.errors import NotFound, shown
from geodata.features import Feature, dumps, feature
from geodata.model import Event, Status
from geodata.taxonomy import titled
from geodata.tokens import Scope, Token
from mapping.writing.bodies import GEOJSON, JSON, merged
from mapping.writing.feature_form import SOURCE_FIELDS, FeatureForm, id_problem
from mapping.writing.keys import key_of
from mapping.writing.refusing import FieldProblem, Refused
from mapping.writing.tags import check_absent, check_none, check_tag, event_tag

ITEMS = "/collections/events/items"
MOST_FEATURES = 2_000
MOST_TOLD = 100
"""Wrong fields in one answer."""
TRIES = 5
"""Of a patch whose event changes between reading and writing, under `If-Match: *`."""


class EventWriter:
    """Writes for one workspace. Safe to share between threads."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def add(self, token: Token, raw: object) -> Reply:
        """POST: a Feature, or all features of a FeatureCollection or none."""
        single, forms = self._forms(raw)
        ids = [form.event_id() or secrets.token_hex(8) for form in forms]
        twice = {name for name in ids if ids.count(name) > 1} if len(set(ids)) < len(ids) else set()
        for name, form in zip(ids, forms, strict=True):
            if name in twice:
                form.problems.append(FieldProblem(form.pointer("/id"), f"the id {shown(name)} is there twice"))
        events = self._events(token, list(zip(ids, forms, strict=True)))

        def decide(current: Current) -> Edit:
            taken = [
                FieldProblem(form.pointer("/id"), _taken(name, current))
                for name, form in zip(ids, forms, strict=True)
                if name in current.events or name in current.into
            ]
            if taken:
                raise Refused(409, f"{taken[0].detail}; PUT changes what is there", taken[:MOST_TOLD])
            return Edit(events=events)

        made = _one(ids[0], 201) if single else _many(ids)
        return self._workspace.store.edits.edit(ids, decide, made, key_of(token))

    def put(self, token: Token, event_id: str, raw: object) -> Reply:
        """PUT: the event as it is to be; makes it where it is not there."""
        if (problem := id_problem(event_id)) and not self._workspace.store.get_many([event_id]):
            raise Refused(422, problem)  # tables may have brought in ids that are not made here
        form = FeatureForm(raw, "", self._workspace.event_types)
        said = form.event_id()
        if said and said != event_id:
            form.problems.append(FieldProblem(form.pointer("/id"), f"id is {shown(said)}; accepted: {event_id}"))
        (event,) = self._events(token, [(event_id, form)])

        def decide(current: Current) -> Edit:
            if event_id in current.into:
                raise Refused(409, f"{_taken(event_id, current)}; change that one")
            there = current.events.get(event_id)
            if there is None:
                check_absent(f"event {event_id}")
            else:
                check_none(event_tag(there), f"event {event_id}")
                _may_change(token, there)
                self._check(there)
            return Edit(events=[event])

        return self._workspace.store.edits.edit([event_id], decide, _one(event_id), key_of(token))

    def patch(self, token: Token, event_id: str, raw: object) -> Reply:
        """PATCH: a merge patch of the event's feature."""
        key = key_of(token)
        for _ in range(TRIES):
            there = self._there(event_id)
            event = self._patched(token, there, raw)
            reply = self._replaced(token, there, event, key)
            if reply:
                return reply
        raise Refused(409, f"event {event_id} is being changed by others all the time; try again")

    def remove(self, token: Token, event_id: str) -> Reply:
        """DELETE: the event goes, its history stays."""

        def decide(current: Current) -> Edit:
            if event_id not in current.events:
                raise _missing(event_id, current)
            _may_change(token, current.events[event_id])
            self._check(current.events[event_id])
            if event_id in current.survivors:
                raise Refused(
                    409,
                    f"others were merged into event {event_id}; take the merges back first (on its card on the map), "
                    "or give it the status rejected",
                )
            return Edit(removed=[event_id])

        return self._workspace.store.edits.edit([event_id], decide, lambda _: Reply(204), key_of(token))

    def _check(self, there: Event) -> None:
        """Refused unless the request names this version of all of it: what others are told has a tag of its own."""
        check_tag(event_tag(there), f"event {there.event_id}")

    def _forms(self, raw: object) -> tuple[bool, Sequence[FeatureForm]]:
        """Whether it is one feature, and the forms of all."""
        types = self._workspace.event_types
        if not (isinstance(raw, Mapping) and raw.get("type") == "FeatureCollection"):
            return True, [FeatureForm(raw, "", types)]
        features = raw.get("features")
        if not isinstance(features, list) or not 0 < len(features) <= MOST_FEATURES:
            count = f"{len(features):,}" if isinstance(features, list) else "no list of"
            said = f"the collection has {count} features; accepted: 1 to {MOST_FEATURES:,} a request"
            raise Refused(422, said, [FieldProblem("#/features", said)])
        return False, [FeatureForm(each, f"/features/{at}", types) for at, each in enumerate(features)]

    def _events(self, token: Token, forms: Sequence[tuple[str, FeatureForm]]) -> Sequence[Event]:
        """The events of the forms, as this token may have them kept; Refused names every field that is wrong."""
        may = token.may(Scope.REVIEW)
        status = Status.REVIEWED if may else Status.DRAFT
        events = [form.event(name, status) for name, form in forms]
        lengths: dict[str, int | None] = {}
        for event, (_, form) in zip(events, forms, strict=True):
            form.problems += self._misplaced(event, form, lengths)
        if problems := [problem for _, form in forms for problem in form.problems]:
            fields = "1 field is" if len(problems) == 1 else f"{len(problems)} fields are"
            raise Refused(422, f"{fields} not as accepted; nothing was kept", problems[:MOST_TOLD])
        events = [titled(event if may else replace(event, status=Status.DRAFT)) for event in events]
        placed = self._workspace.placed(events)
        return [replace(event, notes=tuple(dict.fromkeys(event.notes))) for event in placed]

    def _misplaced(self, event: Event, form: FeatureForm, lengths: dict[str, int | None]) -> list[FieldProblem]:
        """What is wrong with the story that an event says it is of, and with its places in the story's text."""
        spans = {
            name: span for name in ("quote", "when", "place") if (span := getattr(event, f"{name}_span")) is not None
        }
        if not event.doc_id:
            return [
                FieldProblem(form.pointer(f"/properties/{name}_start"), "there is no doc_id that it is a place in")
                for name in spans
            ]
        if event.doc_id not in lengths:
            try:
                lengths[event.doc_id] = len(self._workspace.store.document(event.doc_id).text)
            except NotFound:
                lengths[event.doc_id] = None
        length = lengths[event.doc_id]
        if length is None:
            said = f"there is no story {shown(event.doc_id)}; accepted: the id of a story that is kept, or nothing"
            return [FieldProblem(form.pointer("/properties/doc_id"), said)]
        return [
            FieldProblem(form.pointer(f"/properties/{name}_end"), f"the story has {length} characters")
            for name, span in spans.items()
            if span.end > length
        ]

    def _there(self, event_id: str) -> Event:
        found = self._workspace.store.get_many([event_id])
        if found:
            return found[0]
        into = self._workspace.store.duplicates.merged_into(event_id)
        raise _missing(event_id, Current({}, into={event_id: into} if into else {}))

    def _patched(self, token: Token, there: Event, raw: object) -> Event:
        if not isinstance(raw, Mapping):
            raise Refused(400, "a merge patch of an event is a JSON object (RFC 7386)")
        form = FeatureForm(merged(_to_patch(there, raw), dict(raw)), "", self._workspace.event_types)
        said = form.event_id()
        if said != there.event_id:
            form.problems.append(FieldProblem(form.pointer("/id"), "an event's id cannot be changed"))
        (event,) = self._events(token, [(there.event_id, form)])
        return _exact(event, there, raw)

    def _replaced(self, token: Token, there: Event, event: Event, key: RequestKey | None) -> Reply | None:
        """None where somebody else was quicker."""

        def decide(current: Current) -> Edit:
            now = current.events.get(there.event_id)
            if now is None:
                raise _missing(there.event_id, current)
            _may_change(token, now)
            self._check(now)
            if now != there:
                raise _Raced
            return Edit(events=[event])

        try:
            return self._workspace.store.edits.edit([there.event_id], decide, _one(there.event_id), key)
        except _Raced:
            return None


class _Raced(Exception):
    """What was read is not what is there."""


def told(event: Event) -> Feature:
    """The event as an item, with its links."""
    found = feature(event)
    here = address(event.event_id)
    found["links"] = [
        {"href": here, "rel": "self", "type": GEOJSON, "title": "this event"},
        {
            "href": here.rpartition("/")[0].removesuffix("/items"),
            "rel": "collection",
            "type": JSON,
            "title": "all events",
        },
    ]
    return found


def address(event_id: str) -> str:
    """Of an event's item."""
    return f"{request.url_root.rstrip('/')}{ITEMS}/{quote(event_id, safe='')}"


def _one(event_id: str, status: int = 0) -> Callable[[Edited], Reply]:
    """The answer that holds one event: 201 where it was added."""

    def answer(done: Edited) -> Reply:
        event = done.events[event_id]
        headers = {"Content-Type": GEOJSON, "ETag": f'"{event_tag(event)}"', "Location": address(event_id)}
        return Reply(status or (201 if event_id in done.added else 200), dumps(told(event)), headers)

    return answer


def _many(ids: Sequence[str]) -> Callable[[Edited], Reply]:
    def answer(done: Edited) -> Reply:
        items = [{"id": name, "href": address(name), "etag": f'"{event_tag(done.events[name])}"'} for name in ids]
        return Reply(201, dumps({"numberAdded": len(ids), "added": items}), {"Content-Type": JSON})

    return answer


def _to_patch(event: Event, patch: Mapping[str, object]) -> Feature:
    """The event's feature without what is said twice in it, where the patch says it the other way."""
    base = feature(event)
    base.pop("when", None)
    props = base["properties"]
    changes = patch.get("properties")
    changes = changes if isinstance(changes, Mapping) else {}
    assert isinstance(props, dict)
    if "when" in patch and not changes.keys() & {"start", "end"}:
        for name in ("start", "end", "date_precision"):
            props.pop(name, None)
    if "start" in changes and "end" not in changes and props.get("end") == props.get("start"):
        props.pop("end", None)  # a day stays a day
    if changes.keys() & {"start", "end"} and "date_precision" not in changes:
        props.pop("date_precision", None)
    if "sources" in changes:
        for name in SOURCE_FIELDS:
            props.pop(f"source_{name}", None)
    return base


def _exact(event: Event, there: Event, patch: Mapping[str, object]) -> Event:
    """Where the patch leaves the position alone, it stays as exact as it is kept: a feature has fewer decimals."""
    if "geometry" in patch or event.place is None or there.place is None:
        return event
    return replace(event, place=replace(event.place, lon=there.place.lon, lat=there.place.lat))


def _taken(event_id: str, current: Current) -> str:
    if event_id in current.into:
        return f"event {shown(event_id)} was merged into {current.into[event_id]}"
    return f"event {shown(event_id)} is there already"


def _missing(event_id: str, current: Current) -> Refused:
    if event_id in current.into:
        return Refused(409, f"{_taken(event_id, current)}; change that one")
    return Refused(404, f"there is no event with the id {shown(event_id)}")


def _may_change(token: Token, event: Event) -> None:
    if event.status is Status.DRAFT or token.may(Scope.REVIEW):
        return
    raise Refused(
        403,
        f"a person said of event {event.event_id} that it is {event.status.value}; the scope review may change it",
        headers={"WWW-Authenticate": 'Bearer realm="Dateline", error="insufficient_scope", scope="review"'},
    )
