"""Which column or property of a foreign table means what, by its name."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from geodata.sources.dates import ACCEPTED_DATES, day_first, time_span

NAMES: Mapping[str, Sequence[str]] = {
    "id": ("id", "event_id", "event_id_cnty", "data_id", "incident_id", "incident_no", "incident_ref",
        "incident_reference", "incident_number", "case_id", "case_no", "uid", "uuid", "globalid"),
    "start": (
        "start", "date", "start_date", "date_start", "startdate", "datestart", "event_date", "eventdate", "date_event",
        "incident_date", "date_of_event", "date_of_incident", "date_from", "from", "from_date", "occurred",
        "occurred_at", "occurred_on", "datetime", "date_time", "timestamp", "time", "day", "when", "begin", "begins",
        "fecha", "fecha_inicio", "fecha_del_evento", "date_debut", "date_de_debut", "date_evenement", "datum",
        "дата", "дата_події", "дата_события", "дата_початку", "дата_начала", "تاريخ", "التاريخ", "year",
        "datum_od", "data", "data_inicio", "data_do_evento", "data_evento", "data_zdarzenia", "tarih",
        "vorfallsdatum",
    ),
    "end": (
        "end", "end_date", "date_end", "enddate", "dateend", "date_to", "to_date", "until", "fecha_fin", "date_fin",
        "date_de_fin", "дата_закінчення", "дата_окончания",
        "enddatum", "data_fim", "data_fine", "data_do", "bitis_tarihi",
    ),
    "date_precision": ("date_precision",),
    "lon": (
        "lon", "longitude", "lng", "long", "x", "lon_dd", "longitude_dd", "decimal_longitude", "decimallongitude",
        "lon_wgs84", "x_coord", "coord_x", "xcoord", "point_x", "easting", "geo_lon", "geo_lng", "location_lon",
        "location_lng", "location_longitude", "loc_lon", "longitud",
        "довгота", "долгота", "خط_الطول", "الطول",
        "langengrad", "laengengrad", "geogr_lange", "dlugosc", "dlugosc_geograficzna", "longitudine", "boylam",
    ),
    "lat": (
        "lat", "latitude", "y", "lat_dd", "latitude_dd", "decimal_latitude", "decimallatitude", "lat_wgs84", "y_coord",
        "coord_y", "ycoord", "point_y", "northing", "geo_lat", "location_lat", "location_latitude", "loc_lat",
        "latitud", "широта", "خط_العرض", "العرض",
        "breitengrad", "geogr_breite", "szerokosc", "szerokosc_geograficzna", "latitudine", "enlem",
    ),
    "position": (
        "position", "coordinates", "coords", "coordinate", "lat_lon", "lat_long", "latlon", "latlng", "lat_lng",
        "latitude_longitude", "lon_lat", "lonlat", "geolocation", "geo", "gps", "gps_coordinates", "wkt", "geom",
        "geom_wkt", "geometry",
        "point", "geo_point", "coordenadas", "coordonnees", "координати", "координаты", "احداثيات",
    ),
    "place": (
        "place", "location", "place_name", "placename", "location_name", "city", "town", "village", "settlement",
        "locality", "where", "where_coordinates", "lugar", "ciudad", "localidad", "municipio", "lieu", "ville",
        "commune", "localite", "місце", "місто", "населений_пункт", "место", "город", "населенный_пункт", "المكان",
        "المدينة", "الموقع",
        "ort", "stadt", "ortschaft", "gemeinde", "miejscowosc", "miasto", "miejsce", "cidade", "localidade",
        "local", "luogo", "citta", "comune", "yer", "sehir", "konum",
    ),
    "precision": ("precision",),
    "radius_m": ("radius_m",),
    "admin1": (
        "admin1", "adm_1", "adm1", "admin_1", "admin1_name", "adm1_name", "adm1_en", "state", "province", "region",
        "oblast", "governorate", "departamento", "provincia", "estado", "departement", "область", "регіон", "регион",
        "المحافظة",
        "bundesland", "wojewodztwo", "regione", "bolge",
    ),
    "admin2": (
        "admin2", "adm_2", "adm2", "admin_2", "admin2_name", "adm2_name", "adm2_en", "district", "county", "raion",
        "distrito", "район",
    ),
    "country": (
        "country", "country_name", "iso2", "iso3", "iso", "country_code", "countrycode", "nation", "pais", "pays",
        "country_iso", "країна", "страна", "البلد", "الدولة",
        "land", "staat", "kraj", "paese", "ulke",
    ),
    "event_type": (
        "event_type", "eventtype", "type", "category", "kind", "type_of_event", "incident_type", "tipo", "categoria",
        "tipo_de_evento", "categorie", "type_evenement", "тип", "тип_події", "тип_события", "категорія", "категория",
        "النوع", "نوع_الحدث",
        "art", "vorfallsart", "kategorie", "ereignisart", "rodzaj", "typ", "typ_zdarzenia", "tipo_evento", "tur",
        "olay_turu",
    ),
    "sub_event_type": (
        "sub_event_type", "sub_type", "subtype", "subcategory", "sub_category", "subtipo", "підтип", "подтип",
    ),
    "title": (
        "title", "headline", "name", "label", "source_headline", "event", "event_name", "subject", "titulo", "titre",
        "nombre", "nom", "заголовок", "назва", "название", "العنوان",
        "titel", "uberschrift", "tytul", "nazwa", "titolo", "baslik",
    ),
    "quote": (
        "quote", "text", "notes_text", "description", "summary", "details", "narrative", "content", "event_description",
        "descripcion", "resumen", "texto", "texte", "resume", "опис", "описание", "текст", "الوصف", "النص",
        "beschreibung", "zusammenfassung", "opis", "descricao", "resumo", "descrizione", "testo", "aciklama",
    ),
    "status": ("status",),
    "confidence": ("confidence",),
    "actors": ("actors", "actor", "perpetrator", "perpetrators", "actores", "acteurs", "актори", "акторы"),
    "fatalities_low": ("fatalities_low", "low", "deaths_low", "min_deaths"),
    "fatalities_best": (
        "fatalities_best", "fatalities", "deaths", "best", "killed", "dead", "nkill", "number_killed", "total_deaths",
        "muertos", "muertes", "fallecidos", "morts", "deces", "загиблі", "загиблих", "погибшие", "погибших", "القتلى",
        "عدد_القتلى",
        "tote", "todesopfer", "getotete", "ofiary", "zabici", "mortos", "mortes", "morti", "vittime", "olu_sayisi",
    ),
    "fatalities_high": ("fatalities_high", "high", "deaths_high", "max_deaths"),
    "notes": ("notes", "comment", "comments", "remarks", "notas", "commentaires", "примітки", "примечания",
        "bemerkung", "bemerkungen", "anmerkungen", "uwagi", "notlar",
    ),
    "tags": ("tags", "keywords", "etiquetas", "mots_cles", "теги"),
    "source_url": (
        "source_url", "url", "link", "source_link", "href", "web", "enlace", "lien", "посилання", "ссылка", "الرابط",
    ),
    "source_title": ("source_title",),
    "source_publisher": (
        "source_publisher", "publisher", "source", "reported_by", "information_source", "outlet",
        "source_name", "sources_name", "fuente", "medio",
        "editeur", "джерело", "источник", "المصدر",
        "quelle", "zrodlo", "fonte", "kaynak",
    ),
    "source_published": (
        "source_published", "published", "publication_date", "published_at", "date_published", "pub_date", "pubdate",
        "fecha_de_publicacion", "date_de_publication",
    ),
}  # fmt: skip
"""For each of our names, the names by which others call it, the surest first, as `normal` makes them."""
SEVERAL = frozenset({"actors", "tags", "notes"})
"""What an event has several of: all their columns count. Of any other, the first that holds something."""


_UNCOMPOSED = str.maketrans("łıøđ", "liod")
"""Latin letters that Unicode does not hold to be others with an accent."""


def normal(name: str) -> str:
    """A column's name as NAMES has it: "Event Date" and "event-date" -> "event_date", "País" -> "pais"."""
    text = unicodedata.normalize("NFKD", name.strip().strip("#").casefold())
    # Latin accents are often left out; the breve of й and the dots of ї are letters of their own
    plain = "".join(letter for letter in text if not "\u0300" <= letter <= "\u036f") if text[:1] < "\u0370" else ""
    plain = plain.translate(_UNCOMPOSED)
    return re.sub(r"[\s\-._/()]+", "_", plain or unicodedata.normalize("NFC", text)).strip("_")


def assign(header: Iterable[str]) -> dict[str, str]:
    """For each of our names the column that it is read from; the first alias that the table has wins."""
    columns = {normal(column): column for column in reversed(list(header))}
    found = {
        ours: next(columns[alias] for alias in aliases if alias in columns)
        for ours, aliases in NAMES.items()
        if any(alias in columns for alias in aliases)
    }
    if "lon" in found and "lat" in found:
        found.pop("position", None)
    return found


__all__ = ["ACCEPTED_DATES", "NAMES", "SEVERAL", "assign", "day_first", "normal", "time_span"]
