"""Made events as rows: into a store past `save` (whose receipts and history a benchmark does not need), or a file."""

import csv
import sqlite3
from collections.abc import Iterator
from datetime import date
from itertools import islice
from pathlib import Path

from benchmarks.make_events import PRECISIONS, STATUSES, Made
from geodata.features import dumps, feature
from geodata.model import Event, Fatalities, Place, Precision, Source, Status
from geodata.store import open_store
from geodata.store.rows import day_of, event_row, source_rows
from geodata.store.sqlite_functions import add_to
from geodata.timespan import DatePrecision, TimeSpan

BATCH = 20_000
TITLES = (
    "{kind} near {town}",
    "{kind}: повідомлення з міста {town}",
    "{kind}: сообщения из города {town}",
    "تقارير عن أحداث في {town}: {kind}",
    "{town}附近发生事件：{kind}",
    "{town}付近の出来事 – {kind}",
    "דיווחים על אירוע ליד {town} – {kind}",
    "{town} ใกล้เคียง: {kind}",
)
"""In English, Ukrainian, Russian, Arabic, Chinese, Japanese, Hebrew and Thai."""
QUOTES = (
    "Residents of {town} told of it on the same day.",
    "Officials in {admin1} confirmed what was seen near {town}.",
    "It was reported from {town} by two witnesses, and pictures were shared.",
)
ACTORS = ("Army", "Police", "Protesters", "Rebels", "Residents", "Teachers' union", "Farmers", "Unknown armed group")
_LENGTH_PRECISION = {
    1: DatePrecision.DAY,
    2: DatePrecision.DAY,
    7: DatePrecision.WEEK,
    31: DatePrecision.MONTH,
    92: DatePrecision.SEASON,
}


def events(made: Made) -> Iterator[Event]:
    """One event a row, in order."""
    precisions, statuses = list(PRECISIONS), list(STATUSES)
    days = range(int(made.start.min()), int(made.end.max()) + 1)
    calendar: dict[int, date] = {day: day_of(day) for day in days}
    publishers = [Source(publisher=f"Paper {n}", url=f"https://paper{n}.example/", title="") for n in range(400)]
    columns = (
        made.town, made.kind, made.lon, made.lat, made.start, made.end, made.placed, made.dated, made.precision,
        made.status, made.source, made.fatalities, made.confidence, made.language,
    )  # fmt: skip
    towns = made.towns
    for number, row in enumerate(zip(*(column.tolist() for column in columns), strict=True)):
        town, kind, lon, lat, start, end, placed, dated, precision, status, source, deaths, confidence, language = row
        event_type, sub_type = made.kinds[kind]
        name, admin1 = towns.name[town], towns.admin1[town]
        publisher = publishers[source]
        length = end - start + 1
        first, last = calendar[start], calendar[end]
        yield Event(
            event_id=f"made-{number:08d}",
            event_type=event_type,
            sub_event_type=sub_type,
            title=TITLES[language].format(kind=sub_type, town=name),
            when=TimeSpan(first, last, _LENGTH_PRECISION.get(length, DatePrecision.YEAR)) if dated else None,
            place=_place(made, town, precisions[precision], lon, lat) if placed else None,
            quote=QUOTES[number % 3].format(town=name, admin1=admin1 or name),
            sources=(Source(url=f"{publisher.url}{number}", title=publisher.title, publisher=publisher.publisher),),
            actors=(ACTORS[number % len(ACTORS)],),
            fatalities=Fatalities(deaths, deaths, deaths) if deaths >= 0 else None,
            confidence=confidence,
            status=Status(statuses[status]),
        )


def _place(made: Made, town: int, precision: str, lon: float, lat: float) -> Place:
    towns = made.towns
    exact = precision in ("exact", "near")
    return Place(
        name=towns.name[town] if exact else towns.admin1[town] or towns.country[town],
        lon=lon,
        lat=lat,
        precision=Precision(precision),
        country=towns.country[town],
        admin1=towns.admin1[town],
        place_id=towns.place_id[town] if exact else "",
        feature="P.PPL" if exact else "A.ADM1",
        population=towns.population[town] if exact else 0,
    )


def to_store(made: Made, folder: Path) -> None:
    """A new store `dateline.sqlite` in the folder, its R*Tree and words filled by its own triggers."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "dateline.sqlite"
    path.unlink(missing_ok=True)
    store = open_store(f"sqlite:///{path}")
    store.close()
    connection = sqlite3.connect(path, isolation_level=None)
    add_to(connection)
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute("PRAGMA cache_size=-400000")
    connection.execute("BEGIN")
    made_events = events(made)
    while batch := list(islice(made_events, BATCH)):
        rows = [event_row(event) for event in batch]
        sources = [row for event in batch for row in source_rows(event.event_id, event.sources)]
        for table, written in (("events", rows), ("event_sources", sources)):
            names = list(written[0])
            places = ", ".join(f":{name}" for name in names)
            connection.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({places})", written)  # noqa: S608
    connection.execute("UPDATE meta SET value = '1' WHERE name = 'version'")
    connection.execute("COMMIT")
    connection.execute("ANALYZE")
    connection.close()


def to_geojson(made: Made, path: Path) -> None:
    """A FeatureCollection of the features that Dateline itself exports."""
    with path.open("w", encoding="utf-8") as file:
        file.write('{"type":"FeatureCollection","features":[\n')
        for number, event in enumerate(events(made)):
            file.write((",\n" if number else "") + dumps(feature(event)))
        file.write("\n]}\n")


def to_csv(made: Made, path: Path) -> None:
    """A table with one row an event; what is not known is left empty."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("id", "type", "sub_type", "title", "start", "end", "place", "lon", "lat", "country", "source"))
        for event in events(made):
            when, place = event.when, event.place
            writer.writerow(
                (
                    event.event_id,
                    event.event_type,
                    event.sub_event_type,
                    event.title,
                    when and when.start,
                    when and when.end,
                    place and place.name,
                    place and place.lon,
                    place and place.lat,
                    place and place.country,
                    event.sources[0].publisher,
                )
            )
