"""One sentence at a time: what is an event and of which kind, what is none, who, how many, where."""

from datetime import date

import pytest

KINDS = [
    ("Warplanes bombed a village near Lviv on Monday.", "Air/drone strike"),
    ("Artillery shelled Kherson overnight.", "Shelling/artillery/missile attack"),
    ("A suicide bomber blew himself up at a market in Kyiv.", "Suicide bomb"),
    ("A man threw a grenade into a bar in Lviv.", "Grenade"),
    ("A roadside bomb went off near Lviv.", "Remote explosive/landmine/IED"),
    ("Rebels clashed with soldiers near Bakhmut.", "Armed clash"),
    ("The army recaptured Kherson.", "Government regains territory"),
    ("Rebels seized the town of Bakhmut.", "Non-state actor overtakes territory"),
    ("Troops withdrew from Kherson without a fight.", "Non-violent transfer of territory"),
    ("Gunmen murdered a journalist in Odesa.", "Attack"),
    ("Militants kidnapped three teachers in Odesa.", "Abduction/forced disappearance"),
    ("Soldiers raped two women in Odesa.", "Sexual violence"),
    ("Thousands protested in Nairobi on Friday.", "Peaceful protest"),
    ("Police fired tear gas at marchers in Nairobi.", "Protest with intervention"),
    ("Police opened fire on protesters in Nairobi.", "Excessive force against protesters"),
    ("Rioters burnt tyres in Mombasa.", "Violent demonstration"),
    ("A mob lynched a man in Mombasa.", "Mob violence"),
    ("Soldiers looted shops in Kherson.", "Looting/property destruction"),
    ("Police arrested ten activists in Kyiv.", "Arrests"),
    ("The two sides signed a ceasefire in Paris.", "Agreement"),
    ("Police defused a bomb in London.", "Disrupted weapons use"),
    ("The army set up a base near Lviv.", "Headquarters or base established"),
    ("An earthquake shook Georgia on Monday.", "Natural disaster"),
    ("A train derailed near Lviv.", "Man-made disaster"),
    ("Customs officers seized heroin in Odesa.", "Organised crime"),
    ("Ministers met for a summit in Paris.", "Diplomatic event"),
    ("The parliament building in Nairobi caught fire.", "Man-made disaster"),
    ("A bus plunged into a ravine near Mombasa.", "Man-made disaster"),
    ("Villagers found the bodies of ten men near Lviv.", "Other"),
    ("Soldiers deposed the president in Nairobi.", "Other"),
    ("Police used pepper spray on protesters in Nairobi.", "Protest with intervention"),
    ("Police stopped a march in Nairobi.", "Protest with intervention"),
    ("Insurgents took control of Bakhmut.", "Non-state actor overtakes territory"),
    ("Government troops took the town of Bakhmut.", "Government regains territory"),
    ("Two drug dealers were shot dead in Mombasa.", "Organised crime"),
    ("Rebels laid down their arms in Lviv.", "Change to group/activity"),
    ("Police carried out a controlled explosion in London.", "Disrupted weapons use"),
    ("Rebels launched a surprise assault in Bakhmut on Monday.", "Armed clash"),
    ("The army continued its offensive near Izium on Monday.", "Armed clash"),
    ("Gunmen sprayed a bus with bullets in Odesa.", "Attack"),
    ("Militants launched a counter-offensive near Kupiansk on Monday.", "Armed clash"),
    ("A journalist was murdered in Odesa on 24 March 2023.", "Attack"),
    ("The militants claim to have murdered two journalists in Odesa.", "Attack"),
    ("On Monday a team of gunmen drove by and shot dead a journalist in Odesa.", "Attack"),
]


@pytest.mark.parametrize(("text", "sub_type"), KINDS)
def test_kind(read, text: str, sub_type: str) -> None:
    assert [draft.sub_event_type for draft in read(text).drafts] == [sub_type]


@pytest.mark.parametrize(
    "text",
    [
        "Rebels threatened to attack Kherson.",
        "The army plans to shell Bakhmut.",
        "Troops will storm Bakhmut next week.",
        "Officials denied that soldiers had looted the museum.",
        "There was no shelling in Kherson on Monday.",
        "The town marked the anniversary of the massacre in Odesa.",
        "If rebels attack Kherson, the army will respond.",
        "Such attacks have intensified in recent months.",
        "The mayor spoke of the rising frequency of such attacks.",
        "The road to the Crimean Peninsula is long.",
        "The occupied city lies in the south.",
        "They tried to reclaim the city.",
        "A conference is planned for next week in Paris.",
        "The weather in Paris was mild.",
        "The road leads to Odesa, which is a centre for drug trafficking.",
        "The 12th Artillery Brigade has a new commander in Kherson.",
    ],
)
def test_not_an_event(read, text: str) -> None:
    assert read(text).drafts == ()


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("The ministry in Kyiv said shells hit Kherson on Monday.", "Kherson"),
        ("A missile launched from Russia struck a house in Lviv.", "Lviv"),
        ("Ukraine's army said that Bakhmut was shelled.", "Bakhmut"),
        ("Rebels attacked a convoy on the road to Odesa near Lviv.", "Lviv"),
        ("A bomb exploded in Kherson, Ukraine, on Friday.", "Kherson"),
        ("Kyiv (Agency) — A bomb exploded in Kherson on Friday.", "Kherson"),
        ("Kyiv (Agency) — A bomb exploded in a market on Friday.", "Kyiv"),
        ("Russian shelling killed two in Kupiansk, Kharkiv region, on Friday.", "Kupiansk"),
        ("On Friday, in the Kharkiv region, Russian shells hit Kupiansk.", "Kupiansk"),
        ("In Kharkiv region, a drone attack on the town of Izium wounded three.", "Izium"),
        ("Bombers attacked a market in Gwoza, in Nigeria's Borno State, on Monday, killing 32.", "Gwoza"),
        ("A bomb exploded in Afghanistan's Nangarhar province near Jalalabad.", "Jalalabad"),
        ("Gunmen attacked a bar in Mombasa, in the state of Sinaloa; five people were killed.", "Mombasa"),
        ("A drone strike hit Kharkiv region on Sunday.", "Kharkiv region"),
        ("The governor of Kharkiv region said that shells hit Izium on Monday.", "Izium"),
    ],
)
def test_place(read, text: str, place: str) -> None:
    (draft,) = read(text).drafts
    assert draft.toponym is not None
    assert draft.toponym.name.casefold() == place.casefold()


@pytest.mark.parametrize(
    ("text", "places"),
    [
        (
            "Floods in Kharkiv region displaced 5,000 people, and a landmine exploded near Lviv on Saturday.",
            {"kharkiv region", "lviv"},
        ),
        (
            "The flood covered villages near Lviv, and more than 2,000 people were evacuated from Kherson.",
            {"lviv", "kherson"},
        ),
    ],
)
def test_each_clause_has_its_place(read, text: str, places: set[str]) -> None:
    drafts = read(text).drafts
    assert {draft.toponym.name.casefold() for draft in drafts if draft.toponym} == places


def test_a_capital_at_the_start_of_a_sentence_makes_no_place(read) -> None:
    (draft,) = read("Protesters broke into the town hall on Tuesday. Part of the building was set on fire.").drafts
    assert draft.toponym is None


@pytest.mark.parametrize(
    ("text", "place"),
    [
        # launch sites
        ("Drones launched from Kharkiv hit an oil depot in Lviv.", "Lviv"),
        ("Missiles fired from the Crimean Peninsula hit a school in Odesa.", "Odesa"),
        ("Warplanes that took off from Georgia bombed a village near Izium.", "Izium"),
        # nationalities
        ("Russian shelling in Kherson killed two people.", "Kherson"),
        ("Ukrainian gunners shelled an ammunition dump near Bakhmut.", "Bakhmut"),
        ("A Nigerian soldier was shot dead in Gwoza on Friday.", "Gwoza"),
        # who said so, and where he was
        ("A spokesman in Kyiv said that shells fell on Izium.", "Izium"),
        ("The president, speaking in Paris, said that rebels had captured Bakhmut.", "Bakhmut"),
        ("Police in London reported that a bomb had exploded in Lviv.", "Lviv"),
        # routes
        ("Troops on their way from Lviv to Odesa were ambushed near Mombasa.", "Mombasa"),
        ("A roadside bomb hit a bus on the highway to Texas near Paris.", "Paris"),
        # what a place undergoes
        ("Bakhmut fell to the rebels on Monday.", "Bakhmut"),
        ("SOLDIERS SHELLED KHERSON ON MONDAY.", "KHERSON"),
        # places that no gazetteer has
        ("Gunmen attacked the village of Zelenky in Kharkiv region, killing two.", "Zelenky"),
    ],
)
def test_launch_sites_nationalities_spokesmen_and_routes_are_not_the_place(read, text: str, place: str) -> None:
    (draft,) = read(text).drafts
    assert draft.toponym is not None
    assert draft.toponym.text == place


def test_who_withdraws_does_so_where_they_were(read) -> None:
    text = "Rebels captured Izium in May. In June, after talks in Paris, its fighters withdrew from Izium."
    (left,) = [d for d in read(text).drafts if text[d.trigger.start :].startswith("withdrew")]
    assert left.toponym is not None
    assert left.toponym.name == "Izium"


def test_what_an_offensive_is_for_has_not_happened(read) -> None:
    drafts = read("Rebels have begun an offensive near Kherson to capture the city of Kyiv.").drafts
    assert [draft.toponym and draft.toponym.name for draft in drafts] == ["Kherson"]


def test_one_event_for_each_place_of_a_list(read) -> None:
    drafts = read("Protests were held in Lviv, Odesa and Kyiv.").drafts
    assert [draft.toponym.name for draft in drafts if draft.toponym] == ["Lviv", "Odesa", "Kyiv"]


def test_each_event_of_a_sentence_quotes_its_part(read) -> None:
    text = "Shells hit Kherson on Monday, while police arrested ten activists in London."
    drafts = {draft.toponym.name: draft.quote.of(text) for draft in read(text).drafts if draft.toponym}
    assert drafts == {"Kherson": text, "London": "while police arrested ten activists in London"}


def test_a_name_that_no_gazetteer_has_is_put_in_the_town_told_before(read) -> None:
    made = read("Police arrested ten activists in Lviv on Monday. On Friday a car bomb exploded at the Golden Bridge.")
    (draft,) = [draft for draft in made.drafts if draft.toponym and draft.toponym.text == "Golden Bridge"]
    assert draft.toponym is not None
    assert draft.toponym.context == ("Lviv",)
    assert any("Lviv" in note for note in draft.notes)


def test_a_place_taken_from_the_story_says_so(read) -> None:
    made = read("Rebels attacked Lviv on Monday. Three teachers were kidnapped there. Soldiers looted two shops.")
    taken = [draft for draft in made.drafts if any("taken from" in note and "place" in note for note in draft.notes)]
    assert taken
    assert all(draft.toponym and draft.toponym.name == "Lviv" for draft in taken)


def test_actors_and_deaths_as_the_text_names_them(read) -> None:
    (draft,) = read("Masked gunmen killed at least 12 villagers near Lviv on 11 November.").drafts
    assert draft.actors == ("Masked gunmen", "at least 12 villagers") or "Masked gunmen" in draft.actors
    assert draft.fatalities is not None
    assert (draft.fatalities.low, draft.fatalities.best, draft.fatalities.high) == (12, None, None)


@pytest.mark.parametrize(
    ("words", "figures"),
    [
        ("killing three people", (None, 3, None)),
        ("and at least three people were killed", (3, None, None)),
        ("killing up to 20 people", (None, None, 20)),
        ("and between 10 and 15 people died", (10, None, 15)),
        ("claiming the lives of more than 1,200 people", (1201, None, None)),
        ("on 11 November, and wounded five people", (None, None, None)),
    ],
)
def test_deaths(read, words: str, figures: tuple[int | None, int | None, int | None]) -> None:
    (draft,) = read(f"A bomb exploded in Lviv, {words}.", date(2023, 11, 17)).drafts
    found = draft.fatalities
    assert ((found.low, found.best, found.high) if found else (None, None, None)) == figures


def test_title_is_short_and_of_the_text(read) -> None:
    (draft,) = read("A powerful explosion rocked Kherson on Monday.").drafts
    assert draft.title == "Explosion in Kherson"


@pytest.mark.parametrize(
    "text",
    [
        "On 31 February 2022 a bomb exploded in Lviv.",
        "On 3 May shells hit Kherson. On 31 April a bomb exploded in Lviv.",
        "On 1 January 10000 a bomb exploded in Lviv.",
        "31 лютого 2022 року в Одесі стався вибух.",
    ],
)
def test_an_impossible_date_leaves_the_event_undated_with_one_true_note(read, text: str) -> None:
    draft = read(text).drafts[-1]
    assert draft.when is None
    (note,) = draft.notes
    assert "in no calendar" in note


@pytest.mark.parametrize("published", [date.min, date(1, 1, 7), date(1000, 1, 1), date.max])
@pytest.mark.parametrize(
    "text",
    [
        "A bomb exploded in Lviv.",
        "A bomb exploded in Lviv yesterday. Two weeks later shells hit Kherson, and on March the 3rd too.",
        "У Харкові вчора стався вибух. Минулого тижня обстріляли Одесу.",
    ],
)
def test_a_publication_date_at_an_end_of_the_calendar(read, text: str, published: date) -> None:
    assert read(text, published).drafts


@pytest.mark.parametrize(
    ("text", "actors"),
    [
        ("Gunmen killed five people in Lviv on Monday.", ("Gunmen",)),
        ("Five people were killed in Lviv on Monday.", ()),
        ("Eleven drones hit Lviv on Monday.", ()),
        ("War killed 300 people in Kherson on Monday.", ()),
        ("A magnitude 6.1 earthquake shook Georgia on Monday.", ()),
        ("Rebels attacked a village near Lviv on Monday.", ("Rebels",)),
        ("Gunmen kidnapped ten girls in Lviv on Monday.", ("Gunmen", "ten girls")),
        ("Police killed two Kurdish people in Lviv on Monday.", ("Police", "two Kurdish people")),
    ],
)
def test_only_someone_is_an_actor(read, text: str, actors: tuple[str, ...]) -> None:
    assert read(text).drafts[0].actors == actors
