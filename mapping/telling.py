"""A change of an event as programs are told of it, by the change feed and by webhooks."""

from typing import Any

from geodata.allowed import Release
from geodata.contracts import EventChange
from geodata.features import feature


def change_json(change: EventChange, release: Release) -> dict[str, Any] | None:
    """The change with the event as it is now; None where it may not leave."""
    now = release.event(change.now) if change.now else None
    if now is None and (change.now or (change.before and release.event(change.before) is None)):
        return None
    told: dict[str, Any] = {
        "change": change.action,
        "id": change.event_id,
        "version": change.version,
        "time": change.changed_at.isoformat().replace("+00:00", "Z"),
        "cursor": change.cursor,
        "feature": feature(now) if now else None,
    }
    return {**told, "mergedInto": change.into} if change.into else told
