"""The names of months, seasons and weekdays in the languages that tables are written in, cut short ones too."""

import unicodedata
from collections.abc import Mapping

_NAMES = (
    "january february march april may june july august september october november december",
    "jan feb mar apr may jun jul aug sep oct nov dec",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "ene feb mar abr may jun jul ago setiembre oct nov dic",
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "janv févr mars avr mai juin juil août sept oct nov déc",
    "januar februar märz april mai juni juli august september oktober november dezember",
    "jän feb mär apr mai jun jul aug sep okt nov dez",
    "jan feb mrz apr mai jun jul aug sept okt nov dez",
    "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "jan fev mar abr mai jun jul ago set out nov dez",
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "gen feb mar apr mag giu lug ago set ott nov dic",
    "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
    "styczeń luty marzec kwiecień maj czerwiec lipiec sierpień wrzesień październik listopad grudzień",
    "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
    "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
    "січень лютий березень квітень травень червень липень серпень вересень жовтень листопад грудень",
    "січні лютому березні квітні травні червні липні серпні вересні жовтні листопаді грудні",
    "січ лют бер квіт трав черв лип серп вер жовт лист груд",
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
    "январе феврале марте апреле мае июне июле августе сентябре октябре ноябре декабре",
    "янв фев мар апр май июн июл авг сен окт ноя дек",
    "янв февр мар апр май июн июл авг сент окт нояб дек",
    "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
    "كانون_الثاني شباط آذار نيسان أيار حزيران تموز آب أيلول تشرين_الأول تشرين_الثاني كانون_الأول",
)
_SEASONS = (
    "spring summer autumn winter",
    "frühling sommer herbst winter",
    "frühjahr sommer herbst winter",
    "printemps été automne hiver",
    "primavera verano otoño invierno",
    "весна літо осінь зима",
    "навесні влітку восени взимку",
    "весна лето осень зима",
    "весной летом осенью зимой",
)
_WEEKDAYS = (
    "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun "
    "montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag mo di mi do fr sa so "
    "lundi mardi mercredi jeudi vendredi samedi dimanche lun mar mer jeu ven sam dim "
    "lunes martes miércoles jueves viernes sábado domingo "
    "понеділок вівторок середа четвер п'ятниця п’ятниця субота неділя пн вт ср чт пт сб нд "
    "понедельник вторник среда четверг пятница суббота воскресенье вс"
)


def bare(word: str) -> str:
    """A word of Latin letters without accents, which are often left out; others as they stand."""
    if word[:1] > "\u024f":
        return word
    return "".join(letter for letter in unicodedata.normalize("NFKD", word) if not "\u0300" <= letter <= "\u036f")


MONTHS: Mapping[str, int] = {
    form: number
    for line in _NAMES
    for number, name in enumerate(line.split(), 1)
    for form in (name.replace("_", " "), bare(name.replace("_", " ")))
}
SEASONS: Mapping[str, int] = {
    form: month
    for line in (*_SEASONS, "spring summer fall winter")
    for month, name in zip((3, 6, 9, 12), line.split(), strict=True)
    for form in (name, bare(name))
}
"""The month that a season begins with, as the stories of the northern half are read; winter runs into the next year."""
WEEKDAYS = frozenset(form for name in _WEEKDAYS.split() for form in (name, bare(name)))


def month_number(word: str) -> int:
    """1 to 12; 0 where the word is no month. English names may be cut to three or four letters."""
    word = word.casefold().strip(".")
    return MONTHS.get(word) or MONTHS.get(word[:3], 0) * (len(word) <= 4)
