"""Rows of a table -> places: the phrase read, the row's country and areas as filters, and an honest fallback.

Satisfies contracts.TableGeocoder. A place that is not found falls back to its second level area, first level area or
country, with that precision and a note; never to another country.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from geodata.contracts import Choices, PlaceRow
from geodata.geocode.areas import AreaFinder, RowAreas
from geodata.geocode.chosen import CHOSEN_SCORE, ChosenNames, ChosenPlaces
from geodata.geocode.fold import fold
from geodata.geocode.gazetteer import Entry, SqliteGazetteer
from geodata.geocode.phrases import Phrase, moved, read_phrase, strip_designator
from geodata.geocode.records import NameKind
from geodata.geometry import distance_m
from geodata.model import Candidate, Place, Precision, Resolution, Span, Toponym

NEAR_RADIUS_M = 25_000.0
_FAR_FROM_AREA_M = 60_000.0
"""How far from its row's area a town may lie and still be taken: borders of areas differ between sources."""
_MOST_CANDIDATES = 10
_CHOSEN = 2 + CHOSEN_SCORE
"""Above every score that weighing can give, so that no namesake rivals a person's word."""
_BLANK = re.compile(r"[\s\x00-\x1f]*")


@dataclass(frozen=True, slots=True)
class _Found:
    entry: Entry
    score: float
    reasons: tuple[str, ...]


class TablePlaces:
    """Geocodes rows with the gazetteer and what people chose; the same row gets the same answer."""

    def __init__(self, gazetteer: SqliteGazetteer, choices: Choices | None = None) -> None:
        self._gazetteer = gazetteer
        self._choices = ChosenPlaces(gazetteer, choices)
        self._areas = AreaFinder(gazetteer)

    def locate(self, rows: Iterable[PlaceRow]) -> Iterator[Resolution]:
        """One resolution a row, in order; place None and a note where there is nothing to go by."""
        said = self._choices.now()
        for row in rows:
            yield self._locate(row, said)

    def _locate(self, row: PlaceRow, said: ChosenNames) -> Resolution:
        phrase = read_phrase(row.place)
        name = phrase.names[0] if phrase.names else ""
        toponym = Toponym(Span(0, len(row.place)), row.place, name, near=phrase.near, context=phrase.context)
        areas = self._areas.of_row(row.admin1, row.admin2, row.country)
        if row.country.strip() and not areas.country:
            return Resolution(toponym, None, 0.0, (), f"country {row.country.strip()[:60]!r} is not known")
        named = _named_area(phrase, row, areas)
        if named is not None:
            reason = f"the row's own area, {named.place.name}"
            return Resolution(toponym, named.place, 0.95, (Candidate(named.place, 0.95, (reason,)),), reason)
        found = self._candidates(phrase, areas) if name else []
        if (chosen := self._choose(phrase, areas, said)) is not None:
            found = [chosen, *(other for other in found if other.entry.row != chosen.entry.row)]
        if found:
            return self._chosen(toponym, phrase, found, areas)
        return self._fallback(toponym, areas)

    def _choose(self, phrase: Phrase, areas: RowAreas, said: ChosenNames) -> _Found | None:
        """What people chose for the name, where the row's country and areas and the phrase leave room for it."""
        chosen = self._choices.of_words(phrase.names, phrase.level, phrase.context, said)
        if chosen is None or (areas.country and chosen.entry.place.country not in (areas.country, "")):
            return None
        inside = _inside(chosen.entry, areas)
        return None if inside is None else _Found(chosen.entry, _CHOSEN, (chosen.reason, *inside[1]))

    def _candidates(self, phrase: Phrase, areas: RowAreas) -> list[_Found]:
        """Places of the name in the row's country and areas, the best first."""
        context = self._areas.of_row("", "", "", phrase.context) if phrase.context else RowAreas()
        best: dict[int, _Found] = {}
        for number, name in enumerate(phrase.names):
            for entry in self._gazetteer.lookup(fold(name)):
                found = self._weighed(entry, phrase, areas, context, 0.0 if number == 0 else -0.05)
                if found and (entry.row not in best or best[entry.row].score < found.score):
                    best[entry.row] = found
        if not best and areas.country:
            best = {found.entry.row: found for found in self._alike(phrase, areas)}
        return sorted(best.values(), key=lambda found: (-found.score, found.entry.row))

    def _weighed(self, entry: Entry, phrase: Phrase, areas: RowAreas, context: RowAreas, start: float) -> _Found | None:
        """The candidate with its score, or None where it lies outside what the row says."""
        place = entry.place
        if entry.kind >= NameKind.DEMONYM or (areas.country and place.country not in (areas.country, "")):
            return None
        score, reasons = 0.35 + 0.25 * entry.rank / 1000 + start, []
        if areas.country:
            score, reasons = score + 0.1, ["in the row's country"]
        inside = _inside(entry, areas)
        if inside is None:
            return None
        score, reasons = score + inside[0], [*inside[1], *reasons]
        if (context.country and place.country == context.country) or {entry.area1, entry.area2} & context.rows():
            score, reasons = score + 0.4, ["the phrase puts it there", *reasons]
        score += _level_fit(entry, phrase) - 0.03 * entry.kind
        return _Found(entry, score, tuple(reasons))

    def _alike(self, phrase: Phrase, areas: RowAreas) -> Iterator[_Found]:
        """Places spelled much like the name, in the row's smallest known area."""
        similar = self._areas.similar(areas.country, "P.%")
        within = tuple(area.row for area in (areas.admin2, areas.admin1) if area)
        for name in phrase.names:
            hits = similar.alike(fold(name), within)
            likeness = {place: score for score, place in reversed(hits)}
            for entry in self._gazetteer.entries(likeness):
                inside = _inside(entry, areas)
                if inside is not None:
                    score = likeness[entry.row] / 100 * 0.6 + 0.1 * entry.rank / 1000 + inside[0] / 2
                    spelled = f"spelled like {entry.place.name} ({likeness[entry.row]:.0f}%)"
                    yield _Found(entry, score, (spelled, *inside[1]))
            if hits:
                return

    def _chosen(self, toponym: Toponym, phrase: Phrase, found: Sequence[_Found], areas: RowAreas) -> Resolution:
        top = found[0]
        rivals = [f for f in found[1:] if f.score > top.score - 0.08 and _apart(f.entry.place, top.entry.place)]
        score = min(0.98, max(0.05, top.score - (0.25 if rivals else 0.0)))
        place = top.entry.place
        note = "; ".join(top.reasons)
        if rivals:
            note += f"; {len(rivals)} more of that name there"
        if phrase.offset:
            lon, lat = moved(place.lon, place.lat, *phrase.offset)
            place = replace(place, lon=lon, lat=lat)
        if phrase.near and place.precision is Precision.EXACT:
            place = replace(place, precision=Precision.NEAR, radius_m=NEAR_RADIUS_M)
        candidates = tuple(
            Candidate(f.entry.place, round(min(1.0, max(0.0, f.score)), 4), f.reasons) for f in found[:_MOST_CANDIDATES]
        )
        return Resolution(toponym, place, round(score, 4), candidates, note)

    def _fallback(self, toponym: Toponym, areas: RowAreas) -> Resolution:
        """The smallest area of the row that is known, said so."""
        name = toponym.name or toponym.text.strip()
        for area, what in (
            (areas.admin2, "second level area"),
            (areas.admin1, "first level area"),
            (areas.whole, "country"),
        ):
            if area is not None:
                note = f"{name[:60]!r} is not in the gazetteer; the middle of its {what}, {area.place.name}"
                if _BLANK.fullmatch(toponym.text):
                    note = f"no place given; the middle of the {what}, {area.place.name}"
                confidence = {"admin2": 0.6, "admin1": 0.5}.get(area.place.precision.value, 0.4)
                return Resolution(toponym, area.place, confidence, (), note)
        return Resolution(
            toponym, None, 0.0, (), "no place given" if _BLANK.fullmatch(name) else "not in the gazetteer"
        )


def _named_area(phrase: Phrase, row: PlaceRow, areas: RowAreas) -> Entry | None:
    """The row's own area where the place column only says it again: "Irimbo municipality" in "Irimbo municipality"."""
    if phrase.near or phrase.level is None:
        return None
    said = {fold(name) for name in phrase.names}
    for level, text, area in (
        (Precision.ADMIN2, row.admin2, areas.admin2),
        (Precision.ADMIN1, row.admin1, areas.admin1),
    ):
        if area is not None and phrase.level is level and fold(strip_designator(text.strip())[0]) in said:
            return area
    return None


def _inside(entry: Entry, areas: RowAreas) -> tuple[float, list[str]] | None:
    """How well a place lies in the row's areas, or None where it is outside the smallest that is known.

    A town outside the row's second level area, but close to its middle, may still be meant: borders are drawn anew.
    """
    for area, gain in ((areas.admin2, 0.4), (areas.admin1, 0.25)):
        if area is None:
            continue
        if area.row in (entry.row, entry.area1, entry.area2):
            return gain, [f"in {area.place.name}"]
        away_m = distance_m(area.place.lon, area.place.lat, entry.place.lon, entry.place.lat)
        if area is areas.admin2 and away_m < max(_FAR_FROM_AREA_M, area.place.radius_m):
            return gain - 0.15, [f"{away_m / 1000:.0f} km from the middle of {area.place.name}"]
        if area is areas.admin1 and not entry.area1 and away_m < area.place.radius_m:
            return gain - 0.15, [f"{away_m / 1000:.0f} km from the middle of {area.place.name}"]
        return None
    return 0.0, []


def _level_fit(entry: Entry, phrase: Phrase) -> float:
    """A town for a bare name; the area for "X oblast", or the town where there is no such area."""
    precision = entry.place.precision
    if phrase.level is None:
        return 0.1 if entry.is_town else -0.1 if precision in (Precision.ADMIN1, Precision.ADMIN2) else 0.0
    if precision is phrase.level:
        return 0.3
    return 0.1 if precision in (Precision.ADMIN1, Precision.ADMIN2) else 0.0


def _apart(one: Place, other: Place) -> bool:
    return distance_m(one.lon, one.lat, other.lon, other.lat) > NEAR_RADIUS_M
