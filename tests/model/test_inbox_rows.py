from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.model.inbox_rows import inbox_rows
from newsletter.model.letters import closing_marks, letters, width

if TYPE_CHECKING:
    from newsletter.model.inbox_rows import InboxRow

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467\U0001f3fd"
GERMANY, FRANCE = "\U0001f1e9\U0001f1ea", "\U0001f1eb\U0001f1f7"
PIECES = st.sampled_from(
    [
        "a",
        "wide words ",
        "é",
        "e\u0301",
        "健",
        FAMILY,
        GERMANY,
        "\u202e",
        "\u202c",
        "\u2067",
        "\u2069",
        "שלום",
        "❤\ufe0f",
        "क्षि",
    ]
)
TEXTS = st.lists(PIECES, max_size=80).map("".join)


def row(client: str, subject: str, preheader: str = "", sender: str = "Clinic") -> InboxRow:
    return next(each for each in inbox_rows(sender, subject, preheader) if each.client == client)


def test_a_short_subject_is_shown_whole_everywhere() -> None:
    for each in inbox_rows("Clinic", "Walk more", "Ten minutes a day"):
        assert (each.sender, each.subject, each.subject_cut) == ("Clinic", "Walk more", False)
        assert (each.preheader, each.preheader_cut) == ("Ten minutes a day", False)


def test_a_long_subject_ends_with_dots_within_the_room() -> None:
    shown = row("Apple Mail on an iPhone", "0123456789" * 10)
    assert shown.subject == "0123456789012345678901234567890123…"
    assert shown.subject_cut


def test_a_subject_that_just_fits_is_not_cut() -> None:
    assert not row("Apple Mail on an iPhone", "x" * 35).subject_cut
    assert row("Apple Mail on an iPhone", "x" * 36).subject == "x" * 34 + "…"


def test_no_space_stands_before_the_dots() -> None:
    assert row("Gmail on Android and iPhone", "a" * 28 + " and more").subject == "a" * 28 + "…"


def test_subject_and_preheader_share_a_line_in_a_browser() -> None:
    short = row("Gmail in a browser", "x" * 20, "y" * 200)
    long = row("Gmail in a browser", "x" * 50, "y" * 200)
    assert len(short.preheader) == len(long.preheader) + 30


def test_a_wide_letter_takes_two_columns() -> None:
    assert row("Apple Mail on an iPhone", "健康" * 30).subject == "健康" * 8 + "健…"


def test_a_sender_is_cut_too() -> None:
    assert row("Outlook on a phone", "Walk", sender="Larkmeadow Joint Clinic").sender == "Larkmeadow Joint Cl…"


def test_line_breaks_and_runs_of_spaces_are_one_space() -> None:
    assert row("Yahoo Mail on a phone", "Walk\n  more\t").subject == "Walk more"


@pytest.mark.parametrize(
    "letter", ["e\u0301", FAMILY, GERMANY, "❤\ufe0f", "क्षि", "\u1112\u1161\u11ab", "👍🏽", "🏴\U000e0067\U000e007f"]
)
def test_what_a_reader_counts_as_one_letter_is_never_taken_apart(letter: str) -> None:
    assert list(letters(letter * 3)) == [letter] * 3
    shown = row("Gmail on Android and iPhone", letter * 60).subject
    assert shown.removesuffix("…") == letter * (len(shown[:-1]) // len(letter))


def test_flags_in_a_row_are_told_apart() -> None:
    assert list(letters(GERMANY + FRANCE + "a")) == [GERMANY, FRANCE, "a"]


def test_a_direction_that_a_cut_leaves_open_is_closed_before_the_dots() -> None:
    shown = row("Gmail on Android and iPhone", "\u202e" + "x" * 60)
    assert shown.subject == "\u202e" + "x" * 29 + "\u202c…"
    assert closing_marks("a\u2067b\u202ec") == "\u202c\u2069"


def test_a_pile_of_accents_is_cut() -> None:
    shown = row("Outlook on a phone", "e" + "\u0301" * 100_000)
    assert shown.subject_cut
    assert len(shown.subject) <= 2001


@given(TEXTS)
def test_letters_joined_are_the_text(text: str) -> None:
    assert "".join(letters(text)) == text
    assert not any(unicodedata.category(letter[0]) == "Mn" for letter in list(letters(text))[1:])


@given(TEXTS, TEXTS)
def test_nothing_is_wider_than_its_room_and_directions_are_closed(subject: str, preheader: str) -> None:
    for each in inbox_rows("Clinic", subject, preheader):
        assert width(each.subject) <= 60
        for shown, whole, cut in (
            (each.subject, subject, each.subject_cut),
            (each.preheader, preheader, each.preheader_cut),
        ):
            assert closing_marks(shown) == ""
            if cut:
                assert shown == "" or shown.endswith("…")
            else:
                assert shown.startswith(" ".join(whole.split()))


@given(st.text(max_size=200))
def test_any_text_at_all_can_be_shown(text: str) -> None:
    assert len(inbox_rows(text, text, text)) == 8
