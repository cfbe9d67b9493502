"""What a newsroom has beside plain stories: live blogs, round-ups, tables, headlines, menus, sport and trade."""

from datetime import date

import pytest

from tests.extract.conftest import Read

PUBLISHED = date(2023, 5, 3)

STORIES = [
    (  # live blog: entries by their time are of its day
        "Live\n\n21:04 The convoy has turned back.\n\n15:55 Russian helicopters fired on a fuel depot in Voronezh.",
        {("Air/drone strike", "2023-05-03", "Voronezh")},
    ),
    (  # or of the last day heading
        "Tuesday 2 May\n\n18:40 A bomb exploded in Quetta.\n\n09:30 Gunmen kidnapped a priest in Kaduna.",
        {
            ("Remote explosive/landmine/IED", "2023-05-02", "Quetta"),
            ("Abduction/forced disappearance", "2023-05-02", "Kaduna"),
        },
    ),
    (  # an item's own place comes before that of the item above it
        "In Odesa police arrested a trader on Monday.\n\nNAIROBI — Police detained four officials on Tuesday.",
        {("Arrests", "2023-05-01", "Odesa"), ("Arrests", "2023-05-02", "Nairobi")},
    ),
    (
        "Date\tPlace\tEvent\n29.04.2023\tOdesa\tDrone attack on hotel\n02.05.2023\tKherson\tAir strike, 8 hurt",
        {("Air/drone strike", "2023-04-29", "Odesa"), ("Air/drone strike", "2023-05-02", "Kherson")},
    ),
    (
        "On 1 May a car bomb exploded in Lviv. The day after, tanks fired at flats in Kherson.",
        {
            ("Remote explosive/landmine/IED", "2023-05-01", "Lviv"),
            ("Shelling/artillery/missile attack", "2023-05-02", "Kherson"),
        },
    ),
    (
        "Home | News | Sport | Weather\n\nFloods hit Odesa | Strike in Dnipro | Best cafes in Lviv\n\n"
        "The museum in Poltava has reopened. It was closed for a year.\n\nMost read: Shelling kills two in Beryslav",
        set(),
    ),
]


@pytest.mark.parametrize(("text", "expected"), STORIES)
def test_stories(read: Read, text: str, expected: set[tuple[str, str, str]]) -> None:
    drafts = read(text, PUBLISHED).drafts
    found = {(d.sub_event_type, str(d.when), d.toponym.name if d.toponym else "") for d in drafts}
    assert found == expected


@pytest.mark.parametrize(
    ("text", "sub_type", "place"),
    [
        ("Shelling in Kherson.", "Shelling/artillery/missile attack", "Kherson"),
        ("Shelling hit Kherson on 3 May.", "Shelling/artillery/missile attack", "Kherson"),
        ("Shelling hit Kherson on Monday, an official said.", "Shelling/artillery/missile attack", "Kherson"),
        ("Kupiansk shelled again, one dead", "Shelling/artillery/missile attack", "Kupiansk"),
        ("Mayor of Lviv: 3 killed in shelling.", "Shelling/artillery/missile attack", "Lviv"),
        ("Ceasefire signed in Doha on Tuesday.", "Agreement", "Doha"),
        ("Rebels take Mombasa.", "Non-state actor overtakes territory", "Mombasa"),
        ("Tear gas fired at students in Dhaka.", "Protest with intervention", "Dhaka"),
        ("Wildfires near Athens under control", "Natural disaster", "Athens"),
        ("Floods in Kenya kill 12", "Natural disaster", "Kenya"),
    ],
)
def test_headlines(read: Read, text: str, sub_type: str, place: str) -> None:
    (draft,) = read(text, PUBLISHED).drafts
    assert draft.sub_event_type == sub_type
    assert draft.toponym is not None
    assert draft.toponym.name == place


@pytest.mark.parametrize(
    "text",
    [
        "Truce talks may resume in Cairo",
        "Landslide victory for Labour in Leeds",
        "Avalanche of applications for flats in Berlin",
        "Riot police get new helmets in Paris",
        "Stock market crash in Shanghai wipes out gains",
        "Battle of the bands in Hull",
        "Curfew lifted in Colombo",
        "Share prices crashed in London on Tuesday after the bank had spoken.",
        "The number of complaints exploded in Lviv.",
    ],
)
def test_no_events(read: Read, text: str) -> None:
    assert not read(text, PUBLISHED).drafts


def test_a_number_of_things_that_explode(read: Read) -> None:
    (draft,) = read("A number of gas bottles exploded in Lviv on Tuesday.", PUBLISHED).drafts
    assert draft.toponym is not None
    assert draft.toponym.name == "Lviv"


@pytest.mark.parametrize("text", ["Kenya's soldiers captured ten rebels.", "Most Kenya troops patrol"])
def test_only_place_of_a_note_is_its_actors(read: Read, text: str) -> None:
    (draft,) = read(text, PUBLISHED).drafts
    assert draft.toponym is None
