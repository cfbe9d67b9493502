"""XML that may be long, element by element, hardened: no entities, no network, no deep nesting, bounded memory."""

import zlib
from collections.abc import Collection, Iterator
from typing import IO, Any
from zipfile import BadZipFile

from geodata.errors import UsageError

MOST_INSIDE = 200_000  # elements inside one that is wanted


def local(tag: object) -> str:
    """An element's name without its namespace; empty for what is no element."""
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def elements(stream: IO[bytes], name: str, wanted: Collection[str], heard: Collection[str] = ()) -> Iterator[Any]:
    """(event, element): "end" of each wanted element, whole; "start" and "end" of those in `heard`.

    Names are local ones. What lies outside wanted elements is dropped as it is read. UsageError names the line where
    the XML breaks off, and refuses a document that declares entities.
    """
    from lxml import etree

    stream_of = etree.iterparse(
        stream, events=("start", "end"), resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    inside = within = 0
    checked = False
    try:
        for event, element in stream_of:
            if not checked:
                checked = _check_dtd(element, name)
            tag = local(element.tag)
            if event == "start":
                within = within + 1 if inside else 0
                inside += tag in wanted
                if within > MOST_INSIDE:
                    raise UsageError(
                        f"{name}: one <{tag}> comes after more than {MOST_INSIDE:,} others in one feature; not accepted"
                    )
                if tag in heard and not inside:
                    yield event, element
                continue
            if tag in wanted:
                inside -= 1
                if not inside:
                    yield event, element
            elif tag in heard and not inside:
                yield event, element
            if not inside:
                _drop(element)
    except etree.XMLSyntaxError as error:
        raise UsageError(f"{name} is not whole XML: {error.msg} (line {error.lineno:,})") from error
    except (BadZipFile, zlib.error, EOFError) as error:
        raise UsageError(f"{name} is damaged and cannot be unpacked ({error})") from error


def _check_dtd(element: Any, name: str) -> bool:
    dtd = element.getroottree().docinfo.internalDTD
    if dtd is not None and any(True for _ in dtd.iterentities()):
        raise UsageError(
            f"{name} declares entities of its own, with which a small file can swell to gigabytes; not read"
        )
    return True


def _drop(element: Any) -> None:
    """Frees an element that has been dealt with, and those before it."""
    element.clear(keep_tail=False)
    parent = element.getparent()
    if parent is not None:
        while element.getprevious() is not None:
            del parent[0]


def text_of(element: Any, *names: str) -> str:
    """The text of the first child with one of these local names that has any."""
    for wanted in names:
        for child in element:
            if local(child.tag) == wanted and (text := "".join(child.itertext()).strip()):
                return text
    return ""


def child_of(element: Any, name: str) -> Any:
    """The first child of that local name, or None."""
    return next((child for child in element if local(child.tag) == name), None)
