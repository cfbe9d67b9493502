"""Word, PDF and saved pages, and mark-up that is built to exhaust its reader."""

from datetime import date

import pytest

from geodata.errors import UsageError
from geodata.model import Document
from geodata.sources import detect, importer, pdf
from geodata.sources.markup import MOST_ATTRIBUTES, MOST_DEPTH, MOST_TAGS, plain
from tests.sources.made_files import docx_file, pdf_file, pdf_page, word_document

PARAGRAPH = "<p>A blast hit a fuel depot on the edge of Kherson on Friday, and two people were hurt, police said.</p>"
ENCRYPTED_PDF = b"/ID[<00><00>] /Encrypt << /Filter /Standard /V 1 /R 2 /O <%s> /U <%s> /P -4 >> " % (
    b"00" * 32,
    b"11" * 32,
)
LINES = (
    "A blast hit the port of Odesa on Friday, and two peo-",
    "ple were hurt in it, the police said in the evening of",
    "that day.",
    "Elsewhere a warehouse burned to the ground overnight.",
)


def one(data: bytes, name: str) -> Document:
    (document,) = importer(detect(data, name))(data, name).documents
    return document


def page(body: str) -> bytes:
    return f"<!DOCTYPE html><html><body><article>{PARAGRAPH * 4}{body}</article></body></html>".encode()


def test_a_word_file_gives_its_paragraphs_and_tables() -> None:
    body = word_document("Blast in the port", "A blast hit the port of Odesa.").replace(
        "</w:body>",
        "<w:p><w:del><w:r><w:delText>Gone.</w:delText></w:r></w:del></w:p>"
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>A cell</w:t></w:r></w:p></w:tc></w:tr></w:tbl></w:body>",
    )
    document = one(docx_file(body), "story.docx")
    assert document.text == "Blast in the port\n\nA blast hit the port of Odesa.\n\nA cell"
    assert document.source.title == "Blast in the port"


def test_a_word_file_is_known_by_what_it_is() -> None:
    assert detect(docx_file(word_document("Hello.")), "no ending") == "docx"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (docx_file("<w:document>" + "a" * 60_000_000),
         "unpack to 60,000,012 bytes of text; accepted: at most 50,"),
        (docx_file("<!DOCTYPE x [<!ENTITY a 'b'>]>" + word_document("A.")), "declares a document type or entities"),
        (docx_file(word_document("A."))[:-40], "is damaged and cannot be unpacked"),
        (docx_file(word_document("A."), part="other.xml"), "is a zip archive but no Word file"),
        (docx_file(word_document("A.").replace("</w:p>", "")), "its text is not XML"),
        (docx_file("<w:p>" * 100_000), "its text is not XML"),
        (docx_file(word_document("")), "holds no text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "has a password; accepted: .docx without a password"),
    ],
    ids=["bomb", "entities", "cut off", "another archive", "not XML", "deep", "empty", "encrypted"],
)  # fmt: skip
def test_bad_word_files_are_told(data: bytes, words: str) -> None:
    with pytest.raises(UsageError) as caught:
        one(data, "story.docx")
    assert words in str(caught.value)


def test_a_pdf_gives_its_paragraphs_without_running_heads() -> None:
    pages = [pdf_page(f"The Example, page {n}", *LINES, f"{n} | example.org") for n in (1, 2, 3)]
    document = one(pdf_file(*pages), "story.pdf")
    assert document.text.startswith("A blast hit the port of Odesa on Friday, and two people were hurt in it,")
    assert "that day.\n\nElsewhere" in document.text
    assert "page" not in document.text
    assert "example.org" not in document.text
    assert "read from 3 pages of a PDF" in document.notes[0]


def test_a_pdf_says_its_date_at_its_top() -> None:
    assert one(pdf_file(pdf_page("17 November 2023", *LINES)), "a.pdf").source.published == date(2023, 11, 17)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (pdf_file(pdf_page(*LINES))[:300], "is damaged and cannot be read as a PDF"),
        (b"%PDF-1.4\n" + bytes(range(256)) * 100, "is damaged and cannot be read as a PDF"),
        (pdf_file(b" " * 100_000_000), "unpacks to more than is accepted"),
        (pdf_file(b" " * 6_000_000), "unpacks to 6,000,000 bytes; accepted: at most 5,000,000"),
        (pdf_file(b""), "its pages are pictures (a scan)"),
        (pdf_file(*[b""] * 501), "has 501 pages; accepted: at most 500"),
        (pdf_file(pdf_page(*LINES), trailer=ENCRYPTED_PDF), "has a password; accepted: a PDF without one"),
    ],
    ids=["cut off", "rubbish", "bomb", "large page", "scan", "pages", "password"],
)  # fmt: skip
def test_bad_pdfs_are_told(data: bytes, words: str) -> None:
    with pytest.raises(UsageError) as caught:
        one(data, "story.pdf")
    assert words in str(caught.value)


def test_a_slow_pdf_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MOST_S", -1.0)
    with pytest.raises(UsageError, match="takes longer than -1 s to read"):
        one(pdf_file(pdf_page(*LINES)), "slow.pdf")


SAVED = (
    "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://example.org/blast\r\nSubject: Blast\r\n"
    "Date: Sat, 18 Nov 2023 09:30:00 +0200\r\nMIME-Version: 1.0\r\n"
    'Content-Type: multipart/related; type="text/html"; boundary="--b"\r\n\r\n'
    '----b\r\nContent-Type: text/html; charset="windows-1251"\r\nContent-Transfer-Encoding: 8bit\r\n'
    "Content-Location: https://example.org/blast\r\n\r\n%s\r\n"
    "----b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n----b--\r\n"
)


def test_a_saved_page_is_read_as_its_page() -> None:
    body = "<html><head><meta charset='utf-8'></head><body><article>%s</article></body></html>" % (
        PARAGRAPH.replace("Kherson", "Херсон") * 4
    )
    document = one((SAVED % body).encode("cp1251"), "page.mhtml")
    assert "edge of Херсон on Friday" in document.text
    assert document.source.url == "https://example.org/blast"
    assert document.source.retrieved is not None
    assert document.source.retrieved.isoformat() == "2023-11-18T09:30:00+02:00"


@pytest.mark.parametrize("charset", ["punycode", "idna", "no-such", "a\\0b"])
def test_a_saved_page_in_no_encoding_of_pages_is_read_by_its_bytes(charset: str) -> None:
    page = SAVED.replace("windows-1251", charset) % (PARAGRAPH * 4)
    assert "edge of Kherson" in one(page.encode(), "page.mhtml").text


def test_a_saved_page_without_a_page_is_told() -> None:
    with pytest.raises(UsageError, match="a saved page without a page in it"):
        one((SAVED % "").replace("text/html", "text/css").encode(), "page.mhtml")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<div>" * (MOST_DEPTH + 1), f"nests elements more than {MOST_DEPTH:,} deep"),
        ("<p>Word.</p>" * MOST_TAGS, f"has more than {MOST_TAGS:,} elements"),
        ("<i " + " ".join(f"a{n}=1" for n in range(60_000)) + ">", f"attributes; accepted: at most {MOST_ATTRIBUTES}"),
        ("<i " + "a " * 60_000 + ">", f"attributes; accepted: at most {MOST_ATTRIBUTES}"),
    ],
    ids=["deep", "many", "attributes", "bare attributes"],
)
def test_mark_up_bombs_are_refused_with_their_limit(body: str, words: str) -> None:
    with pytest.raises(UsageError) as caught:
        one(page(body), "a.html")
    assert words in str(caught.value)


@pytest.mark.parametrize(
    "body",
    [
        "<p data-x='" + "a" * 5_000_000 + "'>End.</p>",
        "&amp;" * 500_000,
        "<!-- " * 100_000,
        "<p>One.<p>Two." * 4_000,
        "<svg><path d='" + "M 1 2 " * 100_000 + "'/></svg>",
    ],
    ids=["huge attribute", "entities", "comments", "paragraphs never closed", "a long path"],
)
def test_large_but_harmless_mark_up_is_read(body: str) -> None:
    assert "fuel depot" in one(page(body), "a.html").text


def test_entities_of_a_page_do_not_swell() -> None:
    entities = "".join(f'<!ENTITY c{n} "{f"&c{n - 1};" * 10}">' for n in range(1, 12))
    data = f'<!DOCTYPE html [<!ENTITY c0 "ha">{entities}]>'.encode() + page("<p>&c11;</p>")
    assert len(one(data, "a.html").text) < 1_000


def test_a_live_blog_keeps_its_posts_and_one_date() -> None:
    posts = "".join(
        f"<section><time datetime='2023-05-06T{n // 4:02}:{n % 4 * 15:02}:00Z'>{n // 4:02}.{n % 4 * 15:02}</time>"
        f"<p>Post {n}: a column of lorries was seen leaving the town, officials on the spot said.</p></section>"
        for n in range(60)
    )
    published = '<meta property="article:published_time" content="2023-05-06T05:00:00Z">'
    head = f"<head><title>Live: the war, day 437</title>{published}</head>"
    data = page(posts).replace(b"<body>", head.encode() + b"<body>")
    document = one(data, "live.html")
    assert document.source.published == date(2023, 5, 6)
    assert all(f"Post {n}:" in document.text for n in (0, 30, 59))


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("No mark-up.", "No mark-up."),
        ("<p>One.</p><p>Two &amp; three.</p>", "One.\n\nTwo & three."),
        ("One<br>two<ul><li>a</li><li>b</li></ul>", "One\ntwo\n\na\nb"),
        ("A <b>bold</b>\n  word<script>alert(1)</script><style>p {}</style>.", "A bold word."),
        ("&lt;b&gt; is a tag", "<b> is a tag"),
        ("<!-- nothing -->", ""),
    ],
)
def test_mark_up_as_plain_text(markup: str, text: str) -> None:
    assert plain(markup) == text
