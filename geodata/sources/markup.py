"""What every reader of mark-up needs first: refusing what is built to exhaust a parser, and mark-up as plain text.

The limits were set by measuring: the parser and the search for the article take time that grows with the square of a
page's elements and of a tag's attributes, and 30,000 elements of the worst shape stay near ten seconds.
"""

import re

from geodata.errors import UsageError

MOST_TAGS = 30_000
MOST_ATTRIBUTES = 500  # of one tag
MOST_DEPTH = 1_000  # of elements that must be closed, one in another
_TAG = re.compile(r"<(/?)([A-Za-z][\w:-]*)([^<>]*)>?")
_NESTING = frozenset(
    {"div", "span", "section", "article", "main", "table", "ul", "ol", "dl", "blockquote", "font", "b", "i", "em",
     "strong", "a", "form", "figure", "details", "center", "small", "big", "sub", "sup", "u", "s", "svg", "g"}
)  # fmt: skip
_ASSIGNED = re.compile(r"[\s\"'/][^\s=\"'<>/]+\s*=")
_BLOCK = frozenset(
    {"p", "div", "section", "article", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "ul", "ol", "dl",
     "table", "figure", "figcaption", "header", "footer", "aside", "main", "hr", "form"}
)  # fmt: skip
_LINE = frozenset({"br", "li", "tr", "dt", "dd"})
_DROPPED = frozenset({"script", "style", "template", "noscript", "iframe", "object", "svg", "math", "head"})


def check_markup(page: str, name: str) -> None:
    """UsageError, with the limit that is passed, for mark-up that would take a parser minutes."""
    tags = depth = 0
    for match in _TAG.finditer(page):
        closing, tag, rest = match.groups()
        if tag.lower() in _NESTING and not rest.endswith("/"):
            depth = max(0, depth - 1) if closing else depth + 1
            if depth > MOST_DEPTH:
                raise _too_much(name, f"nests elements more than {MOST_DEPTH:,} deep", f"{MOST_DEPTH:,} levels")
        if closing:
            continue
        tags += 1
        if tags > MOST_TAGS:
            raise _too_much(name, f"has more than {MOST_TAGS:,} elements", f"{MOST_TAGS:,}")
        if len(rest) > MOST_ATTRIBUTES * 2 and len(rest.split()) > MOST_ATTRIBUTES:
            count = len(_ASSIGNED.findall(rest)) or len(rest.split())
            if count > MOST_ATTRIBUTES:
                raise _too_much(name, f"has a tag of {count:,} attributes", f"{MOST_ATTRIBUTES:,}")


def _too_much(name: str, what: str, most: str) -> UsageError:
    return UsageError(f"{name} {what}; accepted: at most {most}. Paste the story's text instead")


def plain(markup: str, name: str = "the text") -> str:
    """A piece of HTML as the words a reader sees, paragraphs parted by an empty line; text without mark-up as it is."""
    if "<" not in markup and "&" not in markup:
        return markup.strip()
    check_markup(markup, name)
    from lxml import etree, html  # a quarter of a second to load: only where there is mark-up

    parser = html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(f"<div>{markup}</div>".encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return ""
    pieces: list[str] = []
    skipped = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            skipped += tag in _DROPPED
            pieces.append(_mark(tag))
            pieces.append("" if skipped else element.text or "")
        else:
            skipped -= tag in _DROPPED
            pieces.append("" if tag == "br" else _mark(tag))
            pieces.append("" if skipped else element.tail or "")
    return _spaced("".join(_flat(piece) for piece in pieces))


def _mark(tag: str) -> str:
    return "\x02" if tag in _BLOCK else "\x01" if tag in _LINE else ""


def _flat(piece: str) -> str:
    return piece if piece in ("\x01", "\x02") else re.sub(r"[\s\x01\x02]+", " ", piece)


def _spaced(text: str) -> str:
    text = re.sub(r" *\x02[\x01\x02 ]*| *\x01[\x01 ]*\x02[\x01\x02 ]*", "\n\n", text)
    text = re.sub(r" *\x01[\x01 ]*", "\n", text)
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]{2,}", " ", text)).strip()
