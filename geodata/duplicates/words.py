"""The words of an event that can tell it from another: what was hit, numbers, and all that is not said of every event.

Words are compared by their first letters, which spares a stemmer for each language; `THINGS` puts the same thing said
in English, Ukrainian and Russian under one name.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from geodata.model import Event

STEM_CHARS = 5
WORD = re.compile(r"[^\W\d_]+|\d[\d.,]*", re.UNICODE)

# Things that an event happens to, by the beginnings of their words. A name is how a reason says it.
THINGS: Mapping[str, str] = {
    "a market": "market bazaar ринок ринк рынок рынк базар",
    "a hospital": "hospital clinic maternity лікарн больниц госпітал госпитал пологов роддом",
    "a school": "school kindergarten university college школ дитсад детсад університет университет",
    "homes": "house home homes apartment residential flat flats block dwelling hut huts будин багатоповерх житлов дом "
    "дома домов жилой жилые жилого многоэтаж квартир",
    "an energy site": "substation transformer electricity electric grid підстанц подстанц енергет энергет тец "
    "трансформатор",
    "a bridge": "bridge viaduct міст мост моста мосту мостом",
    "a railway": "railway rail train station locomotive залізнич железнодорож вокзал поїзд поезд",
    "a depot": "depot warehouse storehouse silo склад ангар елеватор элеватор",
    "an airfield": "airport airfield airbase runway аеродром аэродром аеропорт аэропорт",
    "a place of worship": "church mosque cathedral monastery temple shrine церкв мечет собор монастир монастыр храм",
    "the police": "police policemen policeman gendarme gendarmes поліц полиц",
    "a checkpoint": "checkpoint roadblock блокпост",
    "a bus": "bus minibus coach автобус маршрутк",
    "a ship": "ship vessel ferry boat frigate tanker корабел корабл судно паром танкер",
    "a port": "port harbour harbor quay порт порту порта",
    "a convoy": "convoy column motorcade колон",
    "a pipeline": "pipeline refinery oil газопров нафт нефт нпз",
    "a prison": "prison jail colony тюрм тюрьм колоні колони",
    "a camp": "camp tent tents refugee displaced табір лагер",
    "a mine": "mine pit shaft coalmine шахт рудник",
    "a café": "cafe café restaurant bar nightclub кафе ресторан",
    "a bank": "bank jeweller банк",
    "a court": "court courthouse суд суду суда",
    "a village": "village hamlet село селі села деревн",
    "a flood": "flood flooding floods flooded повін наводнен паводок",
    "an earthquake": "earthquake quake tremor землетрус землетрясен",
    "a landslide": "landslide mudslide зсув оползен",
    "a factory": "factory plant mill workshop завод фабрик",
    "students": "student students pupils студент учн",
    "miners": "miner miners шахтар шахтёр шахтер",
    "teachers": "teacher teachers вчител учител",
    "farmers": "farmer farmers peasant peasants фермер селян",
    "a mayor": "mayor мер мера мэр мэра",
    "a journalist": "journalist reporter журналіст журналист",
    "a car": "car taxi vehicle автомоб машин",
    "a dam": "dam гребл дамб плотин",
    "a tower": "tower mast телевеж телебаш",
}  # fmt: skip
CONTEXT_THINGS = frozenset({"the police", "a village", "a car", "a port"})
"""Things that a report also names in passing: two reports that name different ones of these do not contradict."""

# What reports of violence and unrest say of nearly every event, and words of grammar; by their beginnings.
_COMMON = """
a about after again against all along also among amid an and another any are area around as at attac authorit away back
be became been before being between both but by called came capital carry casua centre center child children citiz city
civil civilian claim clash come confirm could day days dead death deaths delivered demanding destroy did died down drone
during each early east eastern eight eleven evening event explod explos few fight fire fired five force forces forced
four from front general governor group had half has have he head heavy her here his hit hour hours how hundred hundreds
if in injur inside into is it its just kill killed killing kilome known last late later least left less like local made
main man many march may men milit minister missile missiles monda monday month more morning mornin most mr much near
nearby neigh news next night nine no none north northern not nothing now of off offic offici officer officia old on one
only onto open or other our out outside outsk over own people person place polit presid protest protests rally react
region regio repor report reporters rescu reside residen resid ring rocket rockets said same satur say says second send
set seven sever several shell shelli shelled she shot since six so soldi soldier soldiers some son south southern spoke
state stree street strike strikes struck struc such sunda ten than that the their them then there these they third this
those though thousand thousands three thurs through to today told took toll total town toward tuesd troops twelve
two under until up upon villa was way we wedne week weeks well went were west western when where which while who whose
will with witne woman women workers worked would wound wounde year years yesterday young friday january february march
april june july august september october november december another victims injuries people's took
і й та на в у з із зі за до від що як під час було був була були є не але або про при по того це цей ця після через
також ще вже де який яка які його її їх себе день дні доба доби ніч ночі рано вранці ввечері вдень вночі внаслідок
удар удару удари обстр обстріл вибух вибухи атака атаки дрон ракет ракетн загин загинули загинув люде людей осіб
поранен поранені повідо повідомив область області обла місто міста місті район районі росій російс військ війська
понед вівто серед четве п'ятн субот неділ січня лютог берез квітн травн червн липня серпн верес жовтн листо грудн
и на в во с со из за до от что как под время было был была были не но или про при по этого это этот эта после через
также ещё еще уже где который которая его её их себя день ночь ночью утром вечером результате погиб погибли люди
челов человек ранен ранены сообщ сообщил облас области город города городе район районе росси войск войска обстр
взрыв взрывы удары понед вторн среду четве пятни суббо воскр январ февра марта апрел мая июня июля авгус сентя октяб
ноябр декаб два дві двоє двое троє трое три четыре чотири чотир п'ять пять шесть щонайменше минимум
"""


@dataclass(frozen=True, slots=True)
class Words:
    """`stems` are the words that tell, `things` what was hit, `numbers` too large for a day; `latin`: the script."""

    stems: frozenset[str]
    things: frozenset[str]
    numbers: frozenset[str]
    latin: bool


def words_of(event: Event) -> Words:
    """The telling words of an event's title and quote, without those of its place and type and what all reports say."""
    place = event.place
    where = (place.name, place.admin1, place.admin2) if place else ()
    said_anyway = (*where, event.event_type, event.sub_event_type)  # a machine's title is made of these
    return _words(f"{event.title}\n{event.quote}", " ".join(said_anyway))


@lru_cache(maxsize=4096)
def _words(text: str, known: str) -> Words:
    passed_over = _COMMON_STEMS | {stem(word) for word in WORD.findall(known.casefold())}
    words = [word for word in WORD.findall(text.casefold()) if word]
    letters = [word for word in words if not word[0].isdigit()]
    found = {name for word in letters if (name := _thing(word))}
    stems = {stem(word) for word in letters if len(word) > 2 and not _thing(word)} - passed_over
    latin = sum(word[0] < "\u0250" for word in letters) * 2 >= len(letters)
    return Words(frozenset(stems), frozenset(found), frozenset(_numbers(words)), latin)


def stem(word: str) -> str:
    """The first letters of a folded word."""
    return word[:STEM_CHARS]


def _numbers(words: Iterable[str]) -> Iterable[str]:
    """Whole numbers that are no year and too large for a day of the month: 300 marchers, 120 houses."""
    for word in words:
        digits = word.rstrip(".,").replace(",", "")
        if digits.isdecimal() and int(digits[:9]) > 31 and not 1900 <= int(digits[:9]) <= 2100:
            yield digits


@lru_cache(maxsize=8192)
def _thing(word: str) -> str:
    """The thing that a folded word names, or empty. Short beginnings must be the whole word or its plural."""
    for name, beginnings in _BEGINNINGS:
        for start in beginnings:
            if word == start or word == start + "s" or (len(start) >= 5 and word.startswith(start)):
                return name
            if not start.isascii() and len(start) >= 4 and word.startswith(start):
                return name
    return ""


_BEGINNINGS = tuple((name, tuple(starts.split())) for name, starts in THINGS.items())
_COMMON_STEMS = frozenset(stem(word) for word in _COMMON.split())
