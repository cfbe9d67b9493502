"""The importers of stories: text, Markdown, HTML and JSON Lines."""

import json
from datetime import date

import pytest

from geodata.errors import UsageError
from geodata.model import Document
from geodata.sources import IMPORTERS, detect, importer

PARAGRAPH = "<p>A blast hit a fuel depot on the edge of Kherson on Friday, and two people were hurt, police said.</p>"
PAGE = f"""<!DOCTYPE html><html lang="en"><head><title>Blast at depot ${{1+1}} | The Daily</title>
<meta charset="utf-8"><meta property="og:site_name" content="The Daily">
<meta property="og:title" content="Blast at depot ${{1+1}}">
<meta property="article:published_time" content="2023-05-06T10:00:00Z">
<script>window.stolen = document.cookie</script><style>p {{color: red}}</style></head>
<body><nav><a href="/">Home</a> <a href="/sport">Sport</a></nav><article><h1>Blast at depot</h1>{PARAGRAPH * 4}
<script>alert("in the article")</script></article><footer>Cookies, imprint</footer></body></html>"""

MARKDOWN = """---
title: "Fire in the harbour"
url: https://example.org/fire
publisher: Example Wire
published: 2024-02-03
language: en
sample: true
---
# Fire in the harbour

A **large** fire broke out in [Odesa](https://example.org/odesa "the port") on _Friday_.

> "We saw it", said a docker.

- three ships
* snake_case_stays

<script>alert(1)</script>
![a map](map.png) End of 5 * 3 * 2.
"""


def one(data: bytes, name: str, format_name: str = "") -> Document:
    reading = importer(format_name or detect(data, name))(data, name)
    assert len(reading.documents) == 1
    return reading.documents[0]


def test_text_keeps_its_words_and_takes_a_headline_as_title() -> None:
    document = one(b"Blast in the port\r\n\r\nA blast hit the port.\r\n", "story.txt")
    assert document.text == "Blast in the port\n\nA blast hit the port."
    assert document.source.title == "Blast in the port"
    assert len(document.doc_id) == 16
    assert document.notes == ()


def test_an_encoding_that_was_detected_is_said() -> None:
    document = one("Вибух у Мелітополі стався вчора ввечері, повідомляє поліція.".encode("cp1251"), "story.txt")
    assert "Мелітополі" in document.text
    assert "cp1251" in document.notes[0]


def test_markdown_reads_on_without_marks() -> None:
    document = one(MARKDOWN.encode(), "fire.md")
    assert document.text == (
        "Fire in the harbour\n\nA large fire broke out in Odesa on Friday.\n\n"
        '"We saw it", said a docker.\n\nthree ships\nsnake_case_stays\n\na map End of 5 * 3 * 2.'
    )
    source = document.source
    assert (source.title, source.url) == ("Fire in the harbour", "https://example.org/fire")
    assert (source.publisher, source.published) == ("Example Wire", date(2024, 2, 3))
    assert (document.language, document.sample) == ("en", True)


def test_markdown_without_front_matter_takes_its_first_heading_as_title() -> None:
    assert one(b"# Flood *warning*\n\nThe river rose in Bonn.", "a.md").source.title == "Flood warning"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("---\ntitel: x\n---\nA story.", "'titel: x' is no field of a story; accepted: title,"),
        ("---\npublished: 2023-02-31\n---\nA story.", "published '2023-02-31' is not a day"),
        ("---\ntitle: x\n---\n\n", "holds no text"),
    ],
)
def test_bad_front_matter_is_named(text: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        one(text.encode(), "a.md")
    assert message in str(caught.value)


def test_a_web_page_gives_its_article_and_nothing_that_runs() -> None:
    document = one(PAGE.encode(), "saved page.txt")
    assert "fuel depot on the edge of Kherson" in document.text
    for gone in ("alert", "stolen", "Cookies", "Sport", "color"):
        assert gone not in document.text
    assert document.source.title == "Blast at depot ${1+1}"
    assert (document.source.publisher, document.source.published) == ("The Daily", date(2023, 5, 6))
    assert document.language == "en"
    assert any("2023-05-06" in note for note in document.notes)


def test_a_web_page_is_read_in_the_encoding_that_it_declares() -> None:
    page = PAGE.replace("utf-8", "windows-1251").replace("Kherson", "Херсон")
    document = one(page.encode("cp1251"), "a.html")
    assert "Херсон" in document.text
    assert "windows-1251" in " ".join(document.notes)


@pytest.mark.parametrize(
    "markup",
    [
        "<html><body></body></html>",
        "<html><head><script>let a = 'no article'</script></head><body><nav><a href='/'>Home</a></nav></body></html>",
        "<html><body><ul>" + "<li><a href='/a'>News of our town</a></li>" * 80 + "</ul></body></html>",
    ],
)
def test_a_page_without_an_article_says_so(markup: str) -> None:
    with pytest.raises(UsageError, match="in which no article was found"):
        one(markup.encode(), "a.html")


def test_jsonl_takes_the_good_lines_and_reports_the_bad() -> None:
    rows = [
        json.dumps({"doc_id": "a", "text": "One.", "published": "2022-01-02", "title": "T", "url": "https://e.org"}),
        "{broken",
        json.dumps({"text": 5}),
        json.dumps(["text"]),
        "",
        json.dumps({"text": "Two.", "published": "2022-02-30"}),
        json.dumps({"text": "Three.", "doc_id": 7}),
        json.dumps({"text": "  "}),
    ]
    reading = IMPORTERS["jsonl"]("\n".join(rows).encode(), "s.jsonl")
    assert [document.doc_id for document in reading.documents] == ["a", "7"]
    assert reading.documents[0].source.published == date(2022, 1, 2)
    assert [problem.line for problem in reading.problems] == [2, 3, 4, 6, 8]
    assert all(problem.where == "s.jsonl" for problem in reading.problems)


def test_jsonl_without_a_story_is_an_error() -> None:
    with pytest.raises(UsageError, match=r"holds no story.*line 1"):
        IMPORTERS["jsonl"](b"{broken\n", "s.jsonl")


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        (b"A story.", "a.txt", "text"),
        (b"A story.", "a.unknown", "text"),
        (b"A story.", "a.MD", "markdown"),
        (b"---\ntitle: x\n---\nA story.", "a.txt", "markdown"),
        (PAGE.encode(), "a.txt", "html"),
        (b"  <html><body>", "a", "html"),
        (b'{"text": "x"}\n{"text": "y"}', "a.json", "jsonl"),
        (b'{"type": "FeatureCollection", "features": []}', "a.txt", "geojson"),
        (b'{\n "type": "Feature"}', "a", "geojson"),
        (b"date,place,title\n2022-01-01,Kyiv,x\n", "a", "csv"),
        (b"date;lon;lat\n2022-01-01;30;50\n", "a.csv", "csv"),
        (b"On Monday, a date, a place and a title.\nMore, text, here.", "a.txt", "text"),
        (b"<3 is not HTML", "a.txt", "text"),
    ],
)
def test_detection_goes_by_content_then_name(data: bytes, name: str, expected: str) -> None:
    assert detect(data, name) == expected


def test_an_unknown_format_names_those_there_are() -> None:
    with pytest.raises(UsageError, match="format 'odt' is unknown; accepted: text, markdown, html, mhtml, docx, pdf"):
        importer("odt")


@pytest.mark.parametrize(
    ("top", "published"),
    [
        ("Blast in the port\n\nWritten by A. Reporter\n\nNov.17 - 2023 8:42 AM CET", date(2023, 11, 17)),
        ("Blast in the port\n\nPublished: Friday 17 November 2023, 08:42 GMT", date(2023, 11, 17)),
        ("Вибух у порту\n\n17 листопада 2023", date(2023, 11, 17)),
        ("Взрыв в порту\n\n17 ноября 2023, 10:15", date(2023, 11, 17)),
        ("Blast in the port\n\n2023-11-17", date(2023, 11, 17)),
        ("Blast in the port\n\n03/04/2023", None),  # day or month first: never guessed
        ("Blast in the port\n\n17 November", None),
        ("Blast in the port\n\n17 November 2999", None),
        ("Blast in the port\n\nUpdated 4 hours ago", None),
        ("Blast in the port\n\nOn 17 November 2023 a blast hit the port and two people were hurt, police said", None),
    ],
)
def test_a_text_may_say_its_own_publication_date(top: str, published: date | None) -> None:
    document = one(f"{top}\n\nA blast hit the port.".encode(), "story.txt")
    assert document.source.published == published
    assert any("check it" in note for note in document.notes) is (published is not None)
