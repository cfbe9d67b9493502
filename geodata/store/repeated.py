"""Files whose rows the store holds as it stands, so that loading one again need not read it to know what comes of it.

The store keeps, with its version, which files were loaded into it to the end. As long as nothing was written since, the
same bytes, understood the same way by the same program, give the same rows again; and what they come to is known where
each row stands in the store just as it was made, or where loading the file has once changed nothing. A file whose first
load changed or joined events is therefore read a second time before it is known.
"""

import json
from dataclasses import asdict, replace
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from geodata.contracts.loading import ImportReceipt, Origin
from geodata.store.schema import meta

NAME = "loaded"
MOST = 50
"""Files that are kept; the ones loaded last."""


def remember(connection: Connection, origin: Origin, receipt: ImportReceipt) -> None:
    """Keeps what loading this again comes to, where that is certain; in the transaction of its load."""
    certain = not receipt.can_undo or receipt.added + receipt.unchanged + receipt.rejected == receipt.rows
    if not (origin.sha256 and origin.made_by and certain):
        return
    key = _key(origin)
    others = [each for each in _kept(connection) if each["key"] != key]
    again = replace(receipt, added=0, unchanged=receipt.added + receipt.unchanged, can_undo=False)
    entry = {"key": key, "version": _version(connection), "receipt": asdict(again)}
    connection.execute(delete(meta).where(meta.c.name == NAME))
    connection.execute(insert(meta).values(name=NAME, value=json.dumps([*others, entry][-MOST:])))


def found(connection: Connection, origin: Origin) -> ImportReceipt | None:
    """What loading this again comes to; None where it has to be read."""
    key = _key(origin) if origin.sha256 and origin.made_by else ""
    told = next((each["receipt"] for each in _kept(connection) if each["key"] == key), None)
    return ImportReceipt(**{**told, "notes": tuple(told["notes"])}) if told else None


def _key(origin: Origin) -> str:
    said = (origin.format, origin.sha256, origin.mapping, origin.credit, origin.made_by)
    return sha256(json.dumps(said).encode()).hexdigest()


def _kept(connection: Connection) -> list[dict[str, Any]]:
    """Those of the store's present version: each write makes all that were kept before it worthless."""
    value = connection.execute(select(meta.c.value).where(meta.c.name == NAME)).scalar()
    version = _version(connection)
    return [each for each in json.loads(value or "[]") if each["version"] == version]


def _version(connection: Connection) -> str:
    return str(connection.execute(select(meta.c.value).where(meta.c.name == "version")).scalar_one())
