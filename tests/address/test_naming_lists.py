"""A list is called by its name; whoever types something else is told which one was probably meant."""

from __future__ import annotations

import pytest

from newsletter.address.audience import included_lists
from newsletter.errors import ListNotFound
from newsletter.model.subscriber import MailingList

LISTS = (
    MailingList(number=1, name="knie", title="Hüfte"),
    MailingList(number=2, name="hip", title="Knie und Hüfte"),
    MailingList(number=3, name="praxis", title="Aus unserer Praxis"),
)


def test_each_list_comes_once_in_the_order_given() -> None:
    assert [entry.name for entry in included_lists(["praxis", "knie", "praxis"], LISTS)] == ["praxis", "knie"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Knie und Hüfte", "hip"),
        ("knie und hüfte", "hip"),
        ("Knie u. Hüfte", "hip"),
        ("hüfte", "knie"),
        ("knei", "knie"),
        ("Aus unsrer Praxis", "praxis"),
        ("something else", None),
        ("", None),
    ],
)
def test_a_title_or_a_slip_leads_to_the_name(typed: str, meant: str | None) -> None:
    with pytest.raises(ListNotFound) as caught:
        included_lists([typed], LISTS)
    assert caught.value.nearest == meant
