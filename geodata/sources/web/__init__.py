"""Fetching a page or a feed by its address: off until a setting turns it on, public addresses only, a copy kept.

`addresses` says what may be asked for and where it may lie, `transfer` asks one server, `fetching` follows redirects
and heeds robots.txt, `copies` keeps what came.
"""

from geodata.sources.web.addresses import Policy, WebAddress, is_web_address, web_address
from geodata.sources.web.copies import keep_copy
from geodata.sources.web.fetching import Fetcher, Page

__all__ = ["Fetcher", "Page", "Policy", "WebAddress", "is_web_address", "keep_copy", "web_address"]
