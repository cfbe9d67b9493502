"""What undated events of a story that looks back may claim, and dates in forms that only dateparser reads."""

from datetime import date

import pytest

from geodata.timespan import DatePrecision

OLD = "Rebels captured Melitopol in February 2022."
UNDATED = "Soldiers looted a museum in Kherson."


def test_an_undated_event_of_a_story_that_looks_back_claims_no_week(read) -> None:  # type: ignore[no-untyped-def]
    told = {d.sub_event_type: d for d in read(f"{OLD}\n\n{UNDATED}").drafts}
    looted = told["Looting/property destruction"]
    assert (looted.when.start, looted.when.end) == (date(2022, 2, 1), date(2023, 11, 17))
    assert looted.when.precision == DatePrecision.YEAR
    assert any("looks back to 2022-02-01" in note for note in looted.notes)


@pytest.mark.parametrize(
    "story",
    [
        f"{UNDATED}\n\n{OLD}",  # told first: the news itself, with the past as background
        f"Shells hit a school in Bakhmut on Tuesday.\n\n{OLD}\n\n{UNDATED}",  # the story has a date of this week
        UNDATED,
    ],
)
def test_in_a_story_of_news_it_is_of_the_week_before_publication(read, story: str) -> None:  # type: ignore[no-untyped-def]
    (looted,) = [d for d in read(story).drafts if d.sub_event_type == "Looting/property destruction"]
    assert (looted.when.start, looted.when.end) == (date(2023, 11, 11), date(2023, 11, 17))


@pytest.mark.parametrize(
    ("words", "day"),
    [("on March the 3rd, 2021", date(2021, 3, 3)), ("on 11-Nov-22", date(2022, 11, 11))],
)
def test_a_form_that_no_table_knows_is_read_by_dateparser(read, words: str, day: date) -> None:  # type: ignore[no-untyped-def]
    (draft,) = read(f"Shells hit a school in Bakhmut {words}, killing three people.").drafts
    assert (draft.when.start, draft.when.end) == (day, day)


def test_ages_and_durations_are_no_dates(read) -> None:  # type: ignore[no-untyped-def]
    (draft,) = read("After twelve years of war, shells hit a school in Bakhmut on Tuesday.").drafts
    assert draft.when.start == date(2023, 11, 14)
