"""A small, fixed set of events for tests of the map: every doubt, every tray and every trap is in it once."""

from datetime import date

from geodata.model import Document, Event, Fatalities, Place, Precision, Source, Status
from geodata.store import open_store
from geodata.timespan import DatePrecision, TimeSpan

NASTY = "${alert(1)}</script><script>window.pwned=1</script><img src=x onerror=window.pwned=1>"
ARABIC = "احتجاج في حلب"
KHERSON = Place("Kherson", 32.6178, 46.6354, Precision.EXACT, "UA", "Kherson Oblast", feature="P.PPLA")
MELITOPOL = Place("Melitopol", 35.3674, 46.8489, Precision.EXACT, "UA", "Zaporizhzhia Oblast")
NEAR_BAKHMUT = Place("Bakhmut", 38.0, 48.5956, Precision.NEAR, "UA", "Donetsk Oblast", radius_m=25_000)
DONETSK = Place("Donetsk Oblast", 37.7, 48.1, Precision.ADMIN1, "UA", radius_m=110_000)
ALEPPO = Place("حلب", 37.1613, 36.2012, Precision.EXACT, "SY", "Aleppo Governorate")
BOGOTA = Place("Bogotá", -74.0817, 4.6097, Precision.EXACT, "CO")
NAIROBI = Place("Nairobi", 36.8167, -1.2833, Precision.EXACT, "KE")
SOURCE = Source("https://example.org/report", "A made-up report", "Example Wire", date(2023, 11, 17))
SAMPLE = Document("sample-1", "A made-up flood closed roads in Nairobi.", Source(title="Sample"), sample=True)

BATTLES, EXPLOSIONS = "Battles", "Explosions/Remote violence"
CIVILIANS, STRATEGIC, PROTESTS = "Violence against civilians", "Strategic developments", "Protests"


def day(text: str) -> TimeSpan:
    return TimeSpan.day(date.fromisoformat(text))


FEBRUARY = TimeSpan(date(2022, 2, 1), date(2022, 2, 28), DatePrecision.MONTH)
WEEK = TimeSpan(date(2023, 11, 3), date(2023, 11, 9), DatePrecision.WEEK)
HOSTILE = Source("javascript:alert(1)", NASTY, NASTY)

EVENTS = (
    Event(
        "blast", EXPLOSIONS, "Remote explosive/landmine/IED", "Explosion at a depot in Melitopol", day("2022-11-11"),
        MELITOPOL, quote="An explosion shook a depot on the edge of the town.", sources=(SOURCE,),
        actors=("Unknown group",), fatalities=Fatalities(low=3), confidence=0.7,
        notes=("The date is a year before publication: check it.",),
    ),
    Event("capture", STRATEGIC, "", "Melitopol is captured", FEBRUARY, MELITOPOL, status=Status.REVIEWED),
    Event("shells-1", EXPLOSIONS, "", "Shelling of the port of Kherson", day("2023-11-12"), KHERSON, sources=(SOURCE,)),
    Event("shells-2", EXPLOSIONS, "", "Shelling of a street in Kherson", day("2023-11-13"), KHERSON),
    Event("shooting", CIVILIANS, "Attack", "Shooting in a Kherson suburb", WEEK, KHERSON),
    Event("trench", BATTLES, "Armed clash", "Attack on a trench near Bakhmut", day("2023-11-10"), NEAR_BAKHMUT),
    Event("region", BATTLES, "", "Fighting in Donetsk Oblast", day("2023-06-05"), DONETSK, status=Status.REVIEWED),
    Event("nasty", PROTESTS, "", NASTY, day("2023-03-01"), BOGOTA, quote=NASTY, sources=(HOSTILE,), notes=(NASTY,),
          actors=(NASTY,), tags=(NASTY,)),
    Event("arabic", PROTESTS, "Peaceful protest", ARABIC, day("2023-09-20"), ALEPPO, quote=ARABIC),
    Event("undated", PROTESTS, "", "A march on a day not named", None, BOGOTA),
    Event("unplaced", STRATEGIC, "Agreement", "An agreement signed somewhere", day("2023-05-01"), None),
    Event("rejected", BATTLES, "", "A clash that was none", day("2023-05-02"), KHERSON, status=Status.REJECTED),
    Event("flood", "Disaster", "Natural disaster", "Flood closes roads", day("2023-04-28"), NAIROBI, doc_id="sample-1"),
)  # fmt: skip
SHOWN = len(EVENTS) - 2  # placed and not rejected


def seed(store_url: str) -> None:
    """Writes the events into a store that is made for it."""
    store = open_store(store_url)
    store.save(EVENTS, [SAMPLE])
    store.close()
