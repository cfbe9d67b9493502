"""Bytes to text: every encoding that a story can come in, and what is no text."""

import os

import pytest

from geodata.errors import UsageError
from geodata.sources.encoding import clean, clean_in_place, decode

UKRAINIAN = "Вибух у Мелітополі стався вчора ввечері. Троє людей загинули, повідомляє поліція міста."
RUSSIAN = "Взрыв в Мелитополе произошёл вчера вечером. Погибли три человека, сообщает полиция города."
FRENCH = "Une explosion a touché un dépôt près de Saint-Étienne à l'aube, a déclaré la préfecture; été très sévère."


@pytest.mark.parametrize(
    ("text", "encoding", "said"),
    [
        ("Shelling in Kherson – again", "utf-8", "utf-8"),
        ("RIFF between neighbours", "utf-8", "utf-8"),
        ("Shelling in Kherson – again", "utf-8-sig", "utf-8"),
        (UKRAINIAN, "utf-16", "utf-16"),
        (UKRAINIAN, "utf-32", "utf-32"),
        ("Plain English text, wide.", "utf-16-le", "utf-16-le"),
        ("Plain English text, wide.", "utf-16-be", "utf-16-be"),
        (UKRAINIAN, "cp1251", "cp1251"),
        (RUSSIAN, "cp1251", "cp1251"),
    ],
)
def test_text_comes_back_and_its_encoding_is_said(text: str, encoding: str, said: str) -> None:
    assert decode(text.encode(encoding), "story.txt") == (text, said)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Une explosion a détruit la fenêtre d'un café près de la forêt, à côté du théâtre, tôt samedi.", "cp1252"),
        ("Una explosión en España dejó a un niño herido el sábado por la mañana, según la policía.", "cp1252"),
        ("En explosion på fredagen skadade två människor i Malmö, där polisen såg rök över hamnen.", "cp1252"),
        ("Wybuch w Łodzi zniszczył część szkoły, a trzy osoby zostały ranne, podała w piątek policja.", "cp1250"),
        ("Výbuch v Brně poškodil školu a zranil tři lidi, řekla v pátek policie, která případ vyšetřuje.", "cp1250"),
    ],
)
def test_neighbouring_encodings_are_told_apart(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding), "story.txt")[0] == text


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
def test_western_text_comes_back(encoding: str) -> None:
    text, said = decode(FRENCH.encode(encoding), "story.txt")
    assert text == FRENCH
    assert said != "utf-8"


@pytest.mark.parametrize(
    ("data", "name", "message"),
    [
        (
            b"\x89PNG\r\n\x1a\n0000",
            "picture.png",
            "picture.png is not text (it looks like a PNG image); accepted: .txt,",
        ),
        (b"%PDF-1.7 ...", "a.pdf", "a PDF file"),
        (b"PK\x03\x04....", "a.docx", "zip archive, as Word"),
        (b"abc\x00\x01\x02\x00\x00", "a.txt", "NUL bytes"),
        (b"RIFF\x24\x08\x00\x00WAVE", "a.wav", "a sound, film"),
        (b"\xff\xd8\xff\xe0JFIF", "a.txt", "JPEG"),
        (b"\xef\xbb\xbf\xff\xfe\xff", "a.txt", "cannot be read as that from byte"),
        (b"", "a.txt", "a.txt is empty"),
        (b" \n\t ", "a.txt", "a.txt is empty"),
        (b"\xef\xbb\xbf  \n", "a.txt", "a.txt is empty"),
        (bytes(range(256)) * 20, "a.txt", "not text"),
        (b"\x01\x02\x03\x04\x05abc", "a.txt", "control characters"),
    ],
)
def test_what_is_no_text_is_refused_in_words(data: bytes, name: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        decode(data, name)
    assert message in str(caught.value)


def test_random_bytes_are_refused_or_come_back_as_text() -> None:
    for _ in range(20):
        try:
            text, encoding = decode(os.urandom(300), "noise")
        except UsageError:
            continue
        assert text.encode(encoding)


@pytest.mark.parametrize(
    ("raw", "text", "notes"),
    [
        ("a\r\nb\rc\u2028d\x85e", "a\nb\nc\nd\ne", 0),
        ("a\x00b\x07c", "abc", 1),
        ("a\ud83dz", "a\ufffdz", 1),
        ("tab\tstays", "tab\tstays", 0),
        ("\ufeffa", "a", 1),
    ],
)
def test_cleaning(raw: str, text: str, notes: int) -> None:
    cleaned, found = clean(raw)
    assert (cleaned, len(found)) == (text, notes)
    cleaned.encode("utf-8")


@pytest.mark.parametrize("raw", ["a\r\nb\rc\u2028", "a\x00b\x07c", "x\ud83dz", "\ufeffa", "😀 a\u0301"])
def test_cleaning_in_place_moves_no_offset(raw: str) -> None:
    cleaned = clean_in_place(raw)
    assert len(cleaned) == len(raw)
    assert [i for i, letter in enumerate(raw) if letter.isalpha()] == [
        i for i, letter in enumerate(cleaned) if letter.isalpha()
    ]
    cleaned.encode("utf-8")
