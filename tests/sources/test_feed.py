"""RSS and Atom: broken, huge and hostile ones too."""

from datetime import date

import pytest

from geodata.contracts import Reading
from geodata.errors import UsageError
from geodata.sources import detect, importer
from tests.sources.made_files import feed_file, feed_item

WHOLE = (
    "<content:encoded><![CDATA[<p>The whole story &amp; more of it, told at length, in Kherson and elsewhere too.</p>"
    "<script>alert(1)</script>]]></content:encoded>"
)
ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Example</title>
<entry><title type="html">A &lt;b>T&lt;/b></title>
<link href="https://example.org/1"/><updated>2023-05-06T23:30:00-05:00</updated>
<content type="xhtml">
<div xmlns="http://www.w3.org/1999/xhtml"><p>Shelling hit Bucha.</p></div></content></entry></feed>"""


def read(data: bytes, name: str = "wire.rss") -> Reading:
    kind = detect(data, name)
    assert kind == "feed"
    return importer(kind)(data, name)


def test_an_entry_becomes_a_story() -> None:
    (document,) = read(feed_file(feed_item())).documents
    assert document.text == "Blast 1 hit Kherson on Friday.\n\nTwo hurt."
    source = document.source
    assert (source.title, source.url, source.publisher) == ("Blast 1", "https://example.org/1", "Example Wire")
    assert source.published == date(2023, 11, 17)  # where the publisher is; in UTC it was the 18th
    assert document.language == "en"
    assert document.notes == ("the feed carries a summary of this story, not the whole of it",)


def test_the_whole_text_wins_over_the_summary() -> None:
    (document,) = read(feed_file(feed_item(more=WHOLE))).documents
    assert document.text == "The whole story & more of it, told at length, in Kherson and elsewhere too."
    assert document.notes == ()


def test_atom() -> None:
    (document,) = read(ATOM, "x.xml").documents
    assert (document.text, document.source.title) == ("Shelling hit Bucha.", "A T")
    assert document.source.published == date(2023, 5, 6)


def test_an_entry_of_only_a_title_says_so_and_an_empty_one_is_reported() -> None:
    title = "<item><title>A blast hit Kherson</title><link>javascript:alert(1)</link></item>"
    reading = read(feed_file(title, "<item><link>https://example.org/2</link></item>"))
    assert [document.text for document in reading.documents] == ["A blast hit Kherson"]
    assert reading.documents[0].source.url == ""
    assert "only the title" in reading.documents[0].notes[0]
    assert "entry 2 holds no text" in reading.problems[0].message


@pytest.mark.parametrize(
    "cut", ["</rss>", "</channel></rss>", "</item></channel></rss>", "</pubDate></item></channel></rss>"]
)
def test_broken_xml_gives_what_can_be_read_and_says_so(cut: str) -> None:
    data = feed_file(*map(feed_item, range(10))).decode().removesuffix(cut).encode()
    reading = read(data)
    assert len(reading.documents) == 10
    assert "its XML is broken at line 1; 10 entries could be read" in reading.notes[0]


def test_a_bare_ampersand_loses_nothing() -> None:
    reading = read(feed_file(feed_item()).replace(b"<title>Blast 1", b"<title>Blast & fire"))
    assert reading.documents[0].source.title == "Blast & fire"


def test_ten_thousand_entries() -> None:
    assert len(read(feed_file(*map(feed_item, range(10_000)))).documents) == 10_000


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><rss><channel/></rss>',
         "defines entities out of others"),
        (b'<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/hostname">]><rss><channel/></rss>', "out of other files"),
        (b'<!DOCTYPE rss [<!ENTITY % a "x">]><rss><channel/></rss>', "defines entities"),
        (feed_file(), "is a feed without a story"),
        (feed_file("<item/>" * 20_001), "has 20,001 entries; accepted: at most 20,000"),
    ],
    ids=["laughs", "another file", "parameter entity", "empty", "too many"],
)  # fmt: skip
def test_bad_feeds_are_told(data: bytes, words: str) -> None:
    with pytest.raises(UsageError) as caught:
        read(data)
    assert words in str(caught.value)


def test_an_entity_used_many_times_does_not_swell() -> None:
    entity = b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "' + b"ha" * 50_000 + b'">]>'
    body = (
        b"<rss><channel><item><title>T</title><description>"
        + b"&a;" * 10_000
        + b"</description></item></channel></rss>"
    )
    (document,) = read(entity + body).documents
    assert len(document.text) < 100_000
