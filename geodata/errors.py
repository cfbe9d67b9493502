"""The errors of geodata: one root, whose kinds are also the built-in error a caller would expect."""


class GeodataError(Exception):
    """Root of every error that geodata raises on purpose."""


class UsageError(GeodataError, ValueError):
    """Bad input from a person: the message holds the offending value and what is accepted instead."""


class NotFound(GeodataError, LookupError):
    """An event, story or place that was asked for by id and is not there."""


class Gone(NotFound):
    """What was asked for was there once, or was another store's, and cannot be had again."""


class KeyReused(UsageError):
    """A key that stands for one request came with another one."""


class SetupError(GeodataError, RuntimeError):
    """Something that set-up should have made is missing; the message names the command that makes it."""


class StoreError(GeodataError, RuntimeError):
    """The store could not do what was asked; it is as it was before."""


class StoreBusy(StoreError):
    """Another process was writing all the while; the same again a little later may do."""


class OutsideError(GeodataError, OSError):
    """A service or file outside Dateline failed; the cause is kept as `__cause__`."""


def shown(value: object, most: int = 60) -> str:
    """`value` quoted for a message: control characters made visible, cut to `most` characters."""
    text = ascii(value)[1:-1] if isinstance(value, str) and not value.isprintable() else str(value)
    return f"'{text[:most]}…'" if len(text) > most else f"'{text}'"
