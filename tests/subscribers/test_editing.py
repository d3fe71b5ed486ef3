"""What staff type about one person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from newsletter.model.subscriber import Subscriber
from newsletter.subscribers.editing import differences, read_edit
from tests.support.readers import ATTRIBUTES

if TYPE_CHECKING:
    from newsletter.subscribers.editing import Edit

ADA = Subscriber(
    number=1, public_id="x", address="ada@example.org", first_name="Ada", attributes={"city": "Bonn", "gone": "old"}
)


def edit(*set_: str, unset: tuple[str, ...] = (), **typed: str) -> Edit:
    return read_edit(typed, set_, unset, ATTRIBUTES)


def test_what_is_typed_is_read_by_the_types_of_the_attributes() -> None:
    after = edit("sport=RUNNING", "age=36", "member=ja", "first_name=Bea", "city= a=b ", last_name=" B ").applied(ADA)
    assert (after.first_name, after.last_name) == ("Bea", "B")
    assert after.attributes == {"city": "a=b", "gone": "old", "sport": "running", "age": 36, "member": True}


def test_fields_and_attributes_are_forgotten_also_those_that_the_settings_no_longer_know() -> None:
    after = edit(unset=("city", "gone", "first_name", "never there")).applied(ADA)
    assert (after.first_name, after.attributes) == ("", {})


def test_an_empty_text_empties_a_field_and_nothing_typed_changes_nothing() -> None:
    assert edit(first_name="").applied(ADA).first_name == ""
    assert not edit()
    assert edit().applied(ADA) == ADA


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        (("citty=Bonn",), "did you mean city"),
        (("xyzzy=1",), "there are: first_name"),
        (("city",), "name=value"),
        (("city= ",), "--unset city"),
        (("=x",), "there is no attribute"),
        (("age=old",), "`age`: `old` is not a number"),
        (("sport=chess",), "is not one of"),
        (("city=a\nb",), "`city` has a line break"),
        (("language=klingon",), "is not a language tag"),
        (("first_name=" + "x" * 401,), "at most 400"),
    ],
)
def test_what_cannot_be_used_is_told(typed: tuple[str, ...], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        edit(*typed)


def test_nothing_is_set_and_unset_at_once() -> None:
    with pytest.raises(ValueError, match="at once"):
        edit("city=Bonn", unset=("city",))


def test_differences_are_told_in_words() -> None:
    after = edit("age=36", "member=no", unset=("city",), timezone="Europe/Berlin").applied(ADA)
    assert list(differences(ADA, after)) == [
        ("time zone", "", "Europe/Berlin"),
        ("age", "", "36"),
        ("city", "Bonn", ""),
        ("member", "", "no"),
    ]
