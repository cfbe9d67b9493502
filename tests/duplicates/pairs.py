# ruff: noqa: E501  (a report on one line is read faster than a report cut in three)
"""Sample pairs in our own words: two reports each, and whether one event is told. Every trap that was thought of is here.

Made up by hand, towns real, happenings not. `Pair.tuning` marks those that the weights of likeness.py were set on; the
others were only looked at to measure.
"""

from dataclasses import dataclass, replace
from datetime import date

from geodata.model import Event, Fatalities, Place, Precision, Source
from geodata.timespan import DatePrecision, TimeSpan

BATTLES, EXPLOSIONS, CIVILIANS = "Battles", "Explosions/Remote violence", "Violence against civilians"
PROTESTS, RIOTS, STRATEGIC, CRIME = "Protests", "Riots", "Strategic developments", "Crime"
DISASTER, DIPLOMACY = "Disaster", "Diplomacy"
STRIKE, SHELLING, IED = "Air/drone strike", "Shelling/artillery/missile attack", "Remote explosive/landmine/IED"
CLASH, ATTACK, MARCH, MOB = "Armed clash", "Attack", "Peaceful protest", "Mob violence"

KHERSON = Place("Kherson", 32.6178, 46.6354, country="UA", admin1="Kherson Oblast", place_id="geonames:706448")
KHERSON_UK = Place("Херсон", 32.6178, 46.6354, country="UA", admin1="Kherson Oblast", place_id="geonames:706448")
KHERSON_OBLAST = Place("Kherson Oblast", 33.6, 46.5, Precision.ADMIN1, "UA", radius_m=95_000)
KHARKIV = Place("Kharkiv", 36.2304, 49.9935, country="UA", admin1="Kharkiv Oblast", place_id="geonames:706483")
CHUHUIV = Place("Chuhuiv", 36.6881, 49.8356, country="UA", admin1="Kharkiv Oblast")
KHARKIV_OBLAST = Place("Kharkiv Oblast", 36.5, 49.6, Precision.ADMIN1, "UA", radius_m=100_000)
ODESA = Place("Odesa", 30.7326, 46.4775, country="UA", admin1="Odesa Oblast", place_id="geonames:698740")
BAKHMUT = Place("Bakhmut", 38.0008, 48.5945, country="UA", admin1="Donetsk Oblast", place_id="geonames:709611")
NEAR_BAKHMUT = Place("Bakhmut", 38.0008, 48.5945, Precision.NEAR, "UA", "Donetsk Oblast", radius_m=25_000)
KLISHCHIIVKA = Place("Klishchiivka", 37.9660, 48.5270, country="UA", admin1="Donetsk Oblast")
NAIROBI = Place("Nairobi", 36.8167, -1.2833, country="KE", admin1="Nairobi County", place_id="geonames:184745")
KIBERA = Place("Kibera", 36.7820, -1.3133, country="KE", admin1="Nairobi County")
KENYA = Place("Kenya", 37.9, 0.5, Precision.COUNTRY, "KE", radius_m=450_000)
EL_FASHER = Place("El Fasher", 25.3494, 13.6279, country="SD", admin1="North Darfur", place_id="geonames:379062")
NORTH_DARFUR = Place("North Darfur", 25.1, 15.8, Precision.ADMIN1, "SD", radius_m=280_000)
MAIDUGURI = Place("Maiduguri", 13.1571, 11.8464, country="NG", admin1="Borno", place_id="geonames:2331447")
KONDUGA = Place("Konduga", 13.4180, 11.6530, country="NG", admin1="Borno")
BORNO = Place("Borno", 13.1, 11.9, Precision.ADMIN1, "NG", radius_m=140_000)
CULIACAN = Place("Culiacán", -107.3940, 24.7994, country="MX", admin1="Sinaloa", place_id="geonames:4012176")
MANDALAY = Place("Mandalay", 96.0836, 21.9747, country="MM", admin1="Mandalay", place_id="geonames:1311874")
SAGAING = Place("Sagaing", 95.9797, 21.8787, country="MM", admin1="Sagaing")
HATAY = Place("Antakya", 36.1612, 36.2021, country="TR", admin1="Hatay", place_id="geonames:323779")
PARIS = Place("Paris", 2.3488, 48.8534, country="FR", admin1="Île-de-France", place_id="geonames:2988507")
LYON = Place("Lyon", 4.8467, 45.7485, country="FR", admin1="Auvergne-Rhône-Alpes", place_id="geonames:2996944")
GENEVA = Place("Geneva", 6.1457, 46.2022, country="CH", admin1="Geneva", place_id="geonames:2660646")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two reports, whether they are one event, and the trap that the pair is about."""

    trap: str
    same: bool
    one: Event
    other: Event
    tuning: bool = False


def told(
    kind: tuple[str, str],
    when: str,
    place: Place | None,
    quote: str,
    *,
    dead: int | None = None,
    least: int | None = None,
    actors: tuple[str, ...] = (),
    published: str = "",
    title: str = "",
) -> Event:
    """An event as a story tells it. `when` is a day, or `A/B` (a week or a month by its length)."""
    first, _, last = when.partition("/")
    start, end = date.fromisoformat(first), date.fromisoformat(last or first)
    days = (end - start).days + 1
    precision = DatePrecision.DAY if days == 1 else DatePrecision.WEEK if days <= 7 else DatePrecision.MONTH
    return Event(
        event_id="",
        event_type=kind[0],
        sub_event_type=kind[1],
        title=title,
        when=TimeSpan(start, end, precision),
        place=place,
        quote=quote,
        sources=(Source(published=date.fromisoformat(published) if published else end),),
        fatalities=Fatalities(best=dead) if dead is not None else Fatalities(low=least) if least is not None else None,
        actors=actors,
    )


S, SH, B = (EXPLOSIONS, STRIKE), (EXPLOSIONS, SHELLING), (EXPLOSIONS, IED)
A, C, M, R = (CIVILIANS, ATTACK), (BATTLES, CLASH), (PROTESTS, MARCH), (RIOTS, MOB)

_SAME = [
    ("agency copy", told(SH, "2023-11-12", KHERSON, "Shells hit a queue outside a bakery in Kherson on Sunday, killing three people.", dead=3),
     told(SH, "2023-11-12", KHERSON, "Shells hit a queue outside a bakery in Kherson on Sunday, killing three people, officials said.", dead=3)),
    ("told in other words", told(SH, "2023-11-12", KHERSON, "Three shoppers died when artillery fire struck the central market of Kherson.", dead=3),
     told(SH, "2023-11-12", KHERSON, "Shelling of a bazaar in Kherson left three dead, the governor wrote.", dead=3)),
    ("the toll rises", told(S, "2023-10-05", KHARKIV, "A missile destroyed an apartment block in Kharkiv; four bodies were found.", dead=4, published="2023-10-05"),
     told(S, "2023-10-05", KHARKIV, "The number of dead from the missile that hit a residential building in Kharkiv rose to eleven.", dead=11, published="2023-10-07")),
    ("day against week", told(A, "2023-03-14", KONDUGA, "Gunmen on motorcycles shot farmers in their fields near Konduga on Tuesday.", least=8, actors=("gunmen",)),
     told(A, "2023-03-12/2023-03-18", KONDUGA, "At least eight farmers were killed in their fields by gunmen last week.", least=8, actors=("gunmen",))),
    ("area against town", told(SH, "2024-01-20", CHUHUIV, "A rocket hit the railway depot of Chuhuiv at night, wounding two mechanics.", dead=0),
     told(SH, "2024-01-20", KHARKIV_OBLAST, "In Kharkiv region a rocket damaged a railway depot and wounded two mechanics.", dead=0)),
    ("another language, with its thing", told(SH, "2023-11-12", KHERSON, "Shelling of a market in Kherson killed three.", dead=3),
     told(SH, "2023-11-12", KHERSON_UK, "Внаслідок обстрілу ринку в Херсоні загинули троє людей.", dead=3)),
    ("another language, another thing's word", told(S, "2024-02-10", ODESA, "Drones set a fuel depot ablaze in Odesa, killing a watchman.", dead=1),
     told(S, "2024-02-10", ODESA, "В Одессе после удара дронов загорелся склад горючего, погиб сторож.", dead=1)),
    ("named another type", told(S, "2023-09-09", EL_FASHER, "An air strike hit a mosque in El Fasher during prayers, killing 20.", dead=20),
     told(A, "2023-09-09", EL_FASHER, "Twenty worshippers died when a warplane bombed a mosque of El Fasher.", dead=20)),
    ("protest or riot", told(M, "2023-07-12", NAIROBI, "Protesters against the finance bill blocked the expressway in Nairobi and tore down a toll gate."),
     told((RIOTS, "Violent demonstration"), "2023-07-12", NAIROBI, "Crowds angry at the finance bill smashed a toll gate of Nairobi's expressway.")),
    ("a part of the city", told(A, "2023-07-12", KIBERA, "Police shot two boys dead in Kibera during the protest over taxes.", dead=2, actors=("police",)),
     told(A, "2023-07-12", NAIROBI, "Two boys were shot dead by police in the Kibera slum of Nairobi.", dead=2, actors=("police",))),
    ("a day apart, by night", told(S, "2024-03-21", KHARKIV, "Overnight into Thursday drones struck a printing house in Kharkiv, killing seven.", dead=7),
     told(S, "2024-03-20", KHARKIV, "Seven workers of a printing house in Kharkiv died in a strike late on Wednesday.", dead=7)),
    ("near against in", told(C, "2023-05-03", NEAR_BAKHMUT, "Paratroopers repelled an assault on the brickworks near Bakhmut.", actors=("paratroopers",)),
     told(C, "2023-05-03", BAKHMUT, "Fighting raged at the brickworks of Bakhmut, where paratroopers held an assault.", actors=("paratroopers",))),
    ("the same crowd by number", told(M, "2023-03-07", PARIS, "Some 81,000 people marched through Paris against the pension reform."),
     told(M, "2023-03-07", PARIS, "In Paris the prefecture counted 81,000 marchers opposed to raising the retirement age.")),
    ("a quake told twice", told((DISASTER, "Natural disaster"), "2023-02-06", HATAY, "An earthquake of magnitude 7.8 flattened whole streets of Antakya."),
     told((DISASTER, "Natural disaster"), "2023-02-06", HATAY, "Antakya lies in ruins after Monday's quake, its magnitude put at 7.8.")),
    ("month against day", told(A, "2022-10-06", SAGAING, "Soldiers burned a school in a village near Sagaing and shot the headmistress.", dead=1),
     told(A, "2022-10-01/2022-10-31", SAGAING, "In October troops set a school on fire near Sagaing, killing its headmistress.", dead=1)),
    ("region against town, with its toll", told(A, "2023-06-15", EL_FASHER, "Militiamen looted the grain stores of El Fasher and killed 27 people.", dead=27),
     told(A, "2023-06-15", NORTH_DARFUR, "At least 27 people were killed in North Darfur when militiamen looted grain stores.", least=27)),
    ("country against town", told((CRIME, "Organised crime"), "2023-01-05", CULIACAN, "Gunmen set trucks alight across Culiacán after the arrest of Ovidio Guzmán.", dead=29),
     told((CRIME, "Organised crime"), "2023-01-05", CULIACAN, "The arrest of Ovidio Guzmán set off gun battles in Culiacán; 29 people died.", dead=29)),
    ("an agreement told twice", told((DIPLOMACY, "Diplomatic event"), "2023-11-24", GENEVA, "Envoys signed the prisoner exchange deal in Geneva on Friday."),
     told((STRATEGIC, "Agreement"), "2023-11-24", GENEVA, "A deal on the exchange of prisoners was signed by envoys in Geneva.")),
    ("a bomb, a crime", told(B, "2023-08-30", MAIDUGURI, "A bomb under a minibus went off at the Maiduguri motor park, killing nine passengers.", dead=9),
     told((CRIME, "Organised crime"), "2023-08-30", MAIDUGURI, "Nine bus passengers died when a bomb exploded in a motor park in Maiduguri.", dead=9)),
    ("at least against a figure", told(S, "2022-04-08", CHUHUIV, "A cluster missile hit the crowded platform of a station; at least 50 died.", least=50),
     told(S, "2022-04-08", CHUHUIV, "The strike on the railway station killed 57 evacuees, officials counted.", dead=57, published="2022-04-10")),
    ("a mine accident told twice", told((DISASTER, "Man-made disaster"), "2023-08-15", SAGAING, "A landslide buried jade miners asleep at a pit; 31 are dead.", dead=31),
     told((DISASTER, "Man-made disaster"), "2023-08-15", SAGAING, "Thirty-one miners died under a wall of mud at a jade mine.", dead=31)),
    ("Russian and Ukrainian", told(SH, "2023-02-21", KHERSON_UK, "Внаслідок обстрілу автобусної зупинки в Херсоні загинули шестеро людей.", dead=6),
     told(SH, "2023-02-21", KHERSON, "В Херсоне при обстреле остановки автобусов погибли шесть человек.", dead=6)),
    ("a short line against a long", told(S, "2024-05-25", KHARKIV, "Glide bombs hit a hardware hypermarket in Kharkiv.", least=2, published="2024-05-25"),
     told(S, "2024-05-25", KHARKIV, "Two glide bombs set the Epicentr hypermarket in Kharkiv on fire while two hundred shoppers were inside; 19 bodies were found.", dead=19, published="2024-05-28")),
    ("an arrest told twice", told((STRATEGIC, "Arrests"), "2023-04-18", MANDALAY, "Soldiers arrested the editor of a weekly, Kyaw Min, at his flat in Mandalay."),
     told((STRATEGIC, "Arrests"), "2023-04-18", MANDALAY, "Editor Kyaw Min was detained in Mandalay, his lawyer said.")),
    ("a village beside the town", told(C, "2023-09-15", KLISHCHIIVKA, "Assault troops drove the enemy out of Klishchiivka after months of fighting."),
     told(C, "2023-09-15", NEAR_BAKHMUT, "South of Bakhmut assault troops took Klishchiivka, the general staff confirmed.")),
]  # fmt: skip

_OTHER = [
    ("two strikes on one city, one day", told(S, "2024-05-10", KHARKIV, "A missile hit a hospital in the north of Kharkiv, injuring two nurses.", dead=0),
     told(S, "2024-05-10", KHARKIV, "A drone struck an electricity substation in Kharkiv and left districts dark.", dead=0)),
    ("two strikes, both on homes", told(SH, "2023-12-01", KHERSON, "An elderly woman died in her garden in the Dniprovskyi district when a shell fell.", dead=1),
     told(SH, "2023-12-01", KHERSON, "Shrapnel killed a postman on his bicycle in the Korabelnyi district of Kherson.", dead=1)),
    ("the next day, the same words", told(SH, "2023-11-12", KHERSON, "Shelling of Kherson killed two people.", dead=2),
     told(SH, "2023-11-14", KHERSON, "Shelling of Kherson killed two people.", dead=2)),
    ("a day apart, other things", told(S, "2024-02-01", ODESA, "Drones damaged a grain terminal of the port of Odesa."),
     told(S, "2024-02-02", ODESA, "A missile killed a couple in a villa by the sea in Odesa.", dead=2)),
    ("two towns of one region", told(SH, "2024-01-20", CHUHUIV, "Rockets hit a school in Chuhuiv at dawn."),
     told(SH, "2024-01-20", KHARKIV, "Rockets hit a school in Kharkiv at dawn.")),
    ("the same march, two cities", told(M, "2023-03-07", PARIS, "Tens of thousands marched against the pension reform in Paris."),
     told(M, "2023-03-07", LYON, "Tens of thousands marched against the pension reform in Lyon.")),
    ("two marches in one city", told(M, "2023-11-12", PARIS, "More than 100,000 people marched in Paris against antisemitism."),
     told(M, "2023-11-12", PARIS, "Nurses demonstrated in Paris for better pay outside the ministry.")),
    ("an area that holds both", told(SH, "2024-01-20", CHUHUIV, "A rocket hit the railway depot of Chuhuiv at night, wounding two mechanics.", dead=0),
     told(SH, "2024-01-20", KHARKIV_OBLAST, "Mortar fire on a border hamlet in Kharkiv region killed a beekeeper.", dead=1)),
    ("a month that holds the day", told(A, "2022-10-06", SAGAING, "Soldiers burned a school in a village near Sagaing and shot the headmistress.", dead=1),
     told(A, "2022-10-01/2022-10-31", SAGAING, "In October militiamen abducted two monks on the road to Monywa.", dead=0)),
    ("different tolls, one city", told(S, "2023-10-05", KHARKIV, "A strike on a café killed 52 mourners.", dead=52),
     told(S, "2023-10-05", KHARKIV, "A drone killed a tractor driver on the edge of Kharkiv.", dead=1)),
    ("another language, another thing", told(SH, "2023-11-12", KHERSON, "Shelling of a market in Kherson killed three.", dead=3),
     told(SH, "2023-11-12", KHERSON_UK, "Російські війська обстріляли лікарню в Херсоні, поранено медсестру.", dead=0)),
    ("another language, another toll", told(S, "2024-02-10", ODESA, "Drones killed a family of three in a private house.", dead=3),
     told(S, "2024-02-10", ODESA, "У порту Одеси дрон влучив у буксир, поранено матроса.", dead=0)),
    ("weekly fighting at one town", told(C, "2023-05-03", BAKHMUT, "Paratroopers repelled an assault on the brickworks of Bakhmut."),
     told(C, "2023-04-30/2023-05-06", NEAR_BAKHMUT, "Marines lost two tanks on the road to Chasiv Yar this week.")),
    ("a protest and its police", told(M, "2023-07-12", NAIROBI, "Lawyers in gowns walked to the supreme court in Nairobi against the finance bill."),
     told(A, "2023-07-12", KIBERA, "Police shot two boys dead in Kibera.", dead=2, actors=("police",))),
    ("a clash and an arrest", told(C, "2023-01-05", CULIACAN, "Soldiers fought gunmen at the airport of Culiacán; a passenger jet was hit."),
     told((STRATEGIC, "Arrests"), "2023-01-05", CULIACAN, "Four policemen were detained in Culiacán for leaking patrol routes.")),
    ("types that never are one", told(M, "2023-02-06", HATAY, "Survivors protested in Antakya for tents."),
     told((DISASTER, "Natural disaster"), "2023-02-06", HATAY, "An earthquake flattened streets of Antakya.")),
    ("two attacks on farmers", told(A, "2023-03-14", KONDUGA, "Gunmen killed eleven rice farmers near Konduga.", dead=11),
     told(A, "2023-03-14", MAIDUGURI, "Boko Haram fighters beheaded two loggers outside Maiduguri.", dead=2)),
    ("region, other happening", told(A, "2023-03-14", KONDUGA, "Gunmen killed eleven rice farmers near Konduga.", dead=11),
     told(A, "2023-03-14", BORNO, "In Borno insurgents kidnapped a pastor and his daughter from their car.", dead=0)),
    ("two air raids, two armies", told(S, "2023-09-09", EL_FASHER, "An air strike hit a mosque in El Fasher, killing 20.", dead=20, actors=("army",)),
     told(S, "2023-09-09", EL_FASHER, "A paramilitary drone set the cattle market of El Fasher on fire.", dead=3, actors=("Rapid Support Forces",))),
    ("a quake and its aftershock", told((DISASTER, "Natural disaster"), "2023-02-06", HATAY, "An earthquake of magnitude 7.8 flattened whole streets of Antakya."),
     told((DISASTER, "Natural disaster"), "2023-02-20", HATAY, "Another quake, of magnitude 6.4, shook Antakya.")),
    ("same toll, another story", told(SH, "2023-08-13", KHERSON, "A baby and her parents died when shells fell on Shyroka Balka.", dead=5),
     told(S, "2023-08-13", KHERSON, "Five fishermen were killed on the Dnipro by a drone.", dead=5)),
    ("same quarter of the land, other towns", told(C, "2023-09-15", KLISHCHIIVKA, "Assault troops drove the enemy out of Klishchiivka."),
     told(C, "2023-09-15", BAKHMUT, "Snipers traded fire across the ruins of Bakhmut's music school.")),
    ("two talks in one city", told((DIPLOMACY, "Diplomatic event"), "2023-11-24", GENEVA, "Envoys signed the prisoner exchange deal in Geneva."),
     told((DIPLOMACY, "Diplomatic event"), "2023-11-24", GENEVA, "Delegates opened talks on a plastics treaty in Geneva.")),
    ("two arrests in one city", told((STRATEGIC, "Arrests"), "2023-04-18", MANDALAY, "Soldiers arrested the editor of a weekly at his flat in Mandalay."),
     told((STRATEGIC, "Arrests"), "2023-04-18", MANDALAY, "Customs officers in Mandalay detained three traders with 40 kilos of opium.")),
    ("bare lines that say little", told(SH, "2023-06-01/2023-06-30", KHERSON_OBLAST, "Shelling went on in Kherson region in June."),
     told(SH, "2023-06-11", KHERSON, "A boat with evacuees came under fire in Kherson; three died.", dead=3)),
    ("fire in a slum, fire in a market", told((DISASTER, "Man-made disaster"), "2023-05-09", NAIROBI, "A fire swept through the Toi market in Nairobi."),
     told((DISASTER, "Man-made disaster"), "2023-05-09", NAIROBI, "A school dormitory in Nairobi burned down; all pupils escaped.")),
]  # fmt: skip


def _numbered() -> tuple[Pair, ...]:
    found = []
    for same, rows in ((True, _SAME), (False, _OTHER)):
        for at, (trap, one, other) in enumerate(rows):
            name = f"{'same' if same else 'other'}-{at}"
            first = replace(one, event_id=f"{name}-a", doc_id=f"{name}-a")
            second = replace(other, event_id=f"{name}-b", doc_id=f"{name}-b")
            found.append(Pair(trap, same, first, second, tuning=at % 2 == 0))
    return tuple(found)


PAIRS = _numbered()
