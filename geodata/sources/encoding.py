"""Bytes to text: which encoding they are in, said in a note, and text cleaned of what is no text.

A `Document.text` is the text after `clean`; every offset counts its code points.
"""

import codecs
import re

from charset_normalizer import from_bytes

from geodata.errors import UsageError, shown

ACCEPTED = (
    ".txt, .md, .html, .mhtml, .docx, .pdf, .rss, .atom, .jsonl, .csv, .xlsx, .geojson, .kml, .gpx, .ics, .gpkg, .fgb, "
    ".parquet, .zip"
)
SAMPLE_BYTES = 200_000  # enough to tell an encoding; detection takes time that grows with the text
CONTROL_SHARE = 0.01  # text of which more than this share is control characters is taken for binary data

_MAGIC = (
    (b"\x89PNG\r\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"%PDF-", "a PDF file"),
    (b"PK\x03\x04", "a zip archive, as Word and Excel files are too"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Word or Excel file"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"{\\rtf", "a rich text (RTF) file"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90\x00", "a program"),
    (b"RIFF", "a sound, film or WebP image"),
    (b"ID3", "a sound recording"),
    (b"OggS", "a sound recording"),
)
_BOMS = (  # UTF-32 first: its little-endian mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHARSET = re.compile(
    r"utf-?8|(us-)?ascii|latin-?1|(utf|ucs)-?(16|32)(le|be)?|(x-)?(iso|windows|cp|koi8|mac|ibm|big5|gb|euc|shift|tis|johab|ks_c)"
    r"[\w:-]*",
    re.IGNORECASE,
)
"""Names of encodings of texts. Python knows others, as punycode, that take minutes over a page made for that."""
_NEWLINES = re.compile("\r\n|[\r\u2028\u2029\x85\x0b\x0c]")
_BREAKS = str.maketrans({"\r": " ", "\u2028": "\n", "\u2029": "\n", "\x85": "\n", "\x0b": "\n", "\x0c": "\n"})
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff]")
_CONTROL_BYTE = re.compile(rb"[\x00-\x08\x0e-\x1f]")
_LIKE_CP1252 = frozenset(
    {"cp1250", "cp1254", "cp1257", "iso8859_2", "iso8859_4", "iso8859_9", "iso8859_13", "iso8859_15"}
)
_WESTERN = frozenset(
    {"ca", "da", "de", "en", "es", "eu", "fi", "fr", "gl", "is", "it", "nb", "nl", "nn", "no", "pt", "sv"}
)
_SIGN_IN_WORD = re.compile(r"(?<=[^\W\d_])[¹²³¿¡£¥¢¤¦§¨©¬®¯°±¶¸¼½¾×÷]|[¹³¿£¥¢¤¦¨¬¯¶¸×÷](?=[a-z])")
_SURROGATE = re.compile("[\ud800-\udfff]")


_CP1252 = {
    ord(bytes([byte]).decode("cp1252")): byte for byte in range(0x80, 0xA0) if byte not in b"\x81\x8d\x8f\x90\x9d"
}
"""The bytes that stand for letters there, by these letters."""
_TWICE = re.compile("[ÂÃÐÑØÙ][\x80-\xbf%s]" % "".join(map(re.escape, map(chr, _CP1252))))  # noqa: UP031


def looks_twice_encoded(text: str) -> bool:
    """Whether UTF-8 may have been read as Windows-1252 before: "ÐžÐ±" for "Об", "Ã©" for "é"."""
    return not text.isascii() and _TWICE.search(text) is not None


def decoded_again(text: str) -> str:
    """What such a text was; empty where its letters are no UTF-8 that was read so, or some of them are lost."""
    try:
        return text.translate(_CP1252).encode("latin-1").decode("utf-8")
    except UnicodeError:
        return ""


def decode(data: bytes, name: str) -> tuple[str, str]:
    """The text of a file and the encoding it was in. UsageError for a binary file, or one that no encoding fits."""
    if not data.strip():
        raise UsageError(f"{name} is empty; accepted: a text in {ACCEPTED}")
    for magic, kind in _MAGIC:
        # a text may begin with the letters of a mark ("BZh", "RIFF"): then no control character follows
        if data.startswith(magic) and (not magic.isalnum() or _CONTROL_BYTE.search(data[:SAMPLE_BYTES])):
            raise UsageError(f"{name} is not text (it looks like {kind}); accepted: {ACCEPTED}")
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            text = _strictly(data, encoding, name)
            _check_is_text(text, name)
            return text, "utf-8" if encoding == "utf-8-sig" else encoding
    encoding = _wide(data)
    if not encoding:
        try:
            # surrogatepass: halves of broken pairs are cleaned, and said, with the other characters that are none
            text, encoding = data.decode("utf-8", "surrogatepass"), "utf-8"
        except UnicodeDecodeError:
            encoding = _guess(data, name)
    if encoding != "utf-8":
        text = _strictly(data, encoding, name)
    _check_is_text(text, name)
    return text, encoding


def as_utf8(data: bytes, charset: str) -> bytes:
    """Text whose encoding its server or envelope told, in UTF-8 and marked so; as it is where that does not fit."""
    if not _CHARSET.fullmatch(charset) or data.startswith(codecs.BOM_UTF8):
        return data
    try:
        return codecs.BOM_UTF8 + data.decode(charset).encode("utf-8")
    except (LookupError, UnicodeError):
        return data


def encoding_note(encoding: str) -> tuple[str, ...]:
    """What to say of the encoding: nothing of UTF-8, which is what one expects."""
    if encoding == "utf-8":
        return ()
    return (f"read as {encoding}, detected from its bytes: check that accents and letters look right",)


def clean(text: str) -> tuple[str, tuple[str, ...]]:
    """The text with line ends as \\n, without control characters and lone surrogates, and notes on what was done."""
    notes = []
    text = _NEWLINES.sub("\n", text)
    text, controls = _CONTROL.subn("", text)
    if controls:
        notes.append(f"{_times(controls, 'control character')} taken out")
    text, surrogates = _SURROGATE.subn("\ufffd", text)
    if surrogates:
        notes.append(f"{_times(surrogates, 'half of a broken character pair')} replaced by \ufffd")
    return text, tuple(notes)


def clean_in_place(text: str) -> str:
    """The text cleaned as `clean` does, but code point for code point: every offset stays what it was."""
    if "\r" in text:
        text = re.sub("\r(?!\n)", "\n", text)
    return _SURROGATE.sub("\ufffd", _CONTROL.sub(" ", text.translate(_BREAKS)))


def _times(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what.replace('half', 'halves')}{'s' * ('half' not in what)}"


def _strictly(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        where = f"byte {error.start:,}" if isinstance(error, UnicodeDecodeError) else "its start"
        raise UsageError(
            f"{name} seems to be {encoding} but cannot be read as that from {where} on; save it as UTF-8 and try again"
        ) from error


def _wide(data: bytes) -> str:
    """utf-16-le or -be for text without a byte order mark whose every other byte tends to be NUL; else empty."""
    head = data[: SAMPLE_BYTES // 2 * 2]
    half = max(1, len(head) // 2)
    even, odd = head[0::2].count(0) / half, head[1::2].count(0) / half
    if len(data) % 2 or max(even, odd) < 0.3 or min(even, odd) > 0.05:
        return ""
    encoding = "utf-16-be" if even > odd else "utf-16-le"
    return "" if _CONTROL.search(head.decode(encoding, "replace")) else encoding


def _guess(data: bytes, name: str) -> str:
    if data.count(0) > max(2, len(data) * CONTROL_SHARE):
        raise UsageError(f"{name} is not text (it holds NUL bytes); accepted: {ACCEPTED}")
    best = from_bytes(data[:SAMPLE_BYTES]).best()
    if best is None:
        raise UsageError(f"{name} is not text in any encoding that is known here; accepted: {ACCEPTED}, best in UTF-8")
    return _western(data[:SAMPLE_BYTES]) or best.encoding if best.encoding in _LIKE_CP1252 else best.encoding


def _western(data: bytes) -> str:
    """cp1252 where the bytes, read so, are in a language that is written with it; else empty.

    Detection by bytes alone now and then takes French in Latin-1 for cp1250, and "fenêtre" becomes "fenętre".
    """
    import py3langid  # loads a model: only for a text whose encoding is in doubt

    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return ""
    if _SIGN_IN_WORD.search(text):
        return ""  # "zniszczy³": another encoding's letters, seen through this one
    return "cp1252" if py3langid.classify(text[:5000])[0] in _WESTERN else ""


def _check_is_text(text: str, name: str) -> None:
    strange = sum(1 for _ in _CONTROL.finditer(text)) + text.count("\ufffe")
    if strange > max(2, len(text) * CONTROL_SHARE):
        kind = "NUL bytes" if "\x00" in text else "control characters"
        raise UsageError(f"{name} is not text (it holds {strange} {kind}, {shown(text[:20])}); accepted: {ACCEPTED}")
    if not text.strip():
        raise UsageError(f"{name} is empty; accepted: a text in {ACCEPTED}")
