"""Headers as people write them, in the languages of such users: which columns are known, and which are left alone."""

from pathlib import Path

import pytest

from geodata.contracts.tables import ColumnMapping
from geodata.sources.headers import recognised
from geodata.sources.tables import delimited_rows
from geodata.sources.tables.source import TableSource

WHOLE = {"start", "place", "event_type", "quote", "fatalities_best", "source_url"}


def table(tmp_path: Path, text: str, mapping: ColumnMapping | None = None) -> TableSource:
    path = tmp_path / "t.csv"
    path.write_text(text, encoding="utf-8")
    return delimited_rows(path, "t.csv", mapping)


@pytest.mark.parametrize(
    "header",
    [
        "Date (UTC)|Town / City|Munition type|Brief description|# Killed|Source link",
        "Date of incident (dd/mm/yyyy)|Settlement|Incident Category|What happened|Number killed|Link",
        "Дата та час|Населений пункт|Вид події|Короткий зміст|Загинуло|Посилання на джерело",
        "Дата події|Місце події|Тип інциденту|Опис події|Кількість загиблих|Посилання",
        "Дата и время|Населённый пункт|Вид события|Краткое описание|Погибло|Ссылка на источник",
        "Tag|Ortsname|Ereignisart|Kurzbeschreibung|Getötete|Quelle (Link)",
        "Datum des Vorfalls|Ort / Gemeinde|Art des Vorfalls|Sachverhalt|Anzahl Tote|Link zur Quelle",
        "Date de l'événement|Localité|Type d'incident|Résumé des faits|Nombre de morts|Lien",
        "Fecha del incidente|Municipio|Tipo de incidente|Descripción de los hechos|Personas muertas|Enlace",
        "تاريخ الحادث|المدينة|نوع الحادث|الوصف|عدد القتلى|الرابط",
    ],
)
def test_common_headers_are_known(header: str) -> None:
    columns = header.split("|")
    found = recognised(columns)
    assert found.keys() >= WHOLE, WHOLE - found.keys()
    assert len(set(found.values())) == len(found)


@pytest.mark.parametrize(
    ("column", "field"),
    [
        ("Report date", "start"), ("Date updated", "start"), ("# injured", "fatalities_best"),
        ("Killed/injured", "fatalities_best"), ("Civilians killed", "fatalities_best"), ("Location type", "place"),
        ("Source type", "event_type"), ("Photo link", "source_url"), ("Source description", "quote"),
        ("A long sentence about the date on which the town was hit again", "start"),
        ("Поранено", "fatalities_best"), ("Дата публікації", "start"),
    ],
)  # fmt: skip
def test_a_word_that_turns_the_meaning_counts(column: str, field: str) -> None:
    assert field not in recognised([column])


def test_the_header_below_titles_and_groups_is_found(tmp_path: Path) -> None:
    text = "Strike tracker,,,\nEVENT,,PLACE,\nDate (UTC),Munition / type,Town / City,Coords\n2023-05-01,Shahed,Kyiv,\n"
    source = table(tmp_path, text)
    assert source.columns == ("Date (UTC)", "Munition / type", "Town / City", "Coords")
    (row,) = source.rows()
    assert (row.line, row.event and row.event.event_type) == (4, "Shahed")


def test_a_column_of_types_may_be_called_event(tmp_path: Path) -> None:
    source = table(tmp_path, "date,event\n2022-11-11,Shelling\n2022-11-12,Airstrike\n")
    assert source.mapping.columns == {"start": ("date",), "event_type": ("event",)}
    source = table(tmp_path, "date,event\n2022-11-11,A shell hit a house\n2022-11-12,Shops were open again\n")
    assert source.mapping.columns == {"start": ("date",), "title": ("event",)}
    source = table(tmp_path, "date,What\n2022-11-11,Shelling\n2022-11-12,Riot\n")
    assert source.mapping.columns == {"start": ("date",), "event_type": ("What",)}
    source = table(tmp_path, "date,What\n2022-11-11,A shell hit a house\n2022-11-12,Shops were open again\n")
    assert source.mapping.columns == {"start": ("date",), "quote": ("What",)}


def test_every_address_of_a_row_is_a_source(tmp_path: Path) -> None:
    source = table(
        tmp_path,
        "date,title,Source 1,Source 2,Photo link\n"
        "2022-11-11,A,https://e.org/1,https://e.org/2 https://e.org/3,https://e.org/p\n2022-11-12,B,https://e.org/4,,\n",
    )
    assert source.mapping.columns["source_url"] == ("Source 1", "Source 2")
    first, second = (row.event for row in source.rows())
    assert first
    assert second
    assert [each.url for each in first.sources] == ["https://e.org/1", "https://e.org/2", "https://e.org/3"]
    assert (first.properties["Photo link"], len(second.sources)) == ("https://e.org/p", 1)


def test_a_table_of_unknown_columns_waits_for_a_person(tmp_path: Path) -> None:
    text = "Paikka;Kuvaus\nHersonissa;Ammus osui taloon\n"
    source = table(tmp_path, text)
    assert not source.mapping.columns
    assert source.sample(1)[0].cells == ("Hersonissa", "Ammus osui taloon")
    with pytest.raises(ValueError, match=r"its columns are Paikka, Kuvaus\. Say what .* --map start=COLUMN"):
        source.rows()
    (row,) = table(tmp_path, text, ColumnMapping(columns={"title": ("Kuvaus",)})).rows()
    assert row.event
    assert row.event.title == "Ammus osui taloon"
