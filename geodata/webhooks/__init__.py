"""Telling other servers of changes: signed messages, in order, sent again until they arrive; off until a setting says.

`signing` makes the headers (Standard Webhooks), `sending` posts to an address that was checked, `courier` is the thread
of `serve` that does it. What is to be told is in the store's history; a hook is a cursor into it.
"""

from geodata.webhooks.courier import Courier
from geodata.webhooks.sending import Sender, checked_url
from geodata.webhooks.signing import new_secret, signed, verify

__all__ = ["Courier", "Sender", "checked_url", "new_secret", "signed", "verify"]
