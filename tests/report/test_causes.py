"""Why mails came back, in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from newsletter.model.event import Fate
from newsletter.model.reporting import Returned
from newsletter.report import causes as why
from newsletter.report.causes import cause_of, causes, code_in


@pytest.mark.parametrize(
    ("said", "cause"),
    [
        ("550 5.1.1 The", why.NO_MAILBOX),
        ("550-5.1.1 No", why.NO_MAILBOX),
        ("550 #5.1.0 Add", why.NO_MAILBOX),
        ("452 4.2.2 over", why.FULL),
        ("5.4.4", why.NO_DOMAIN),
        ("421 4.4.1 time", why.NOT_REACHED),
        ("550 5.7.515 Ac", why.UNPROVEN),
        ("550-5.7.26 Una", why.UNPROVEN),
        ("554 5.7.1 Spam", why.UNWANTED),
        ("552 5.3.4 size", why.TOO_LARGE),
        ("unable to get mx info", why.NO_DOMAIN),
        ("mailbox full", why.FULL),
        ("connection to 192.0.2.5 timed out", why.NOT_REACHED),
        ("", why.OTHER),
        ("sorry", why.OTHER),
    ],
)
def test_what_servers_say_is_put_into_words(said: str, cause: str) -> None:
    assert cause_of(said) == cause


def test_an_address_of_a_machine_is_no_code() -> None:
    assert code_in("dial 192.5.1.1 failed") == ""
    assert code_in("550 5.1.1.2 odd") == ""


@given(
    some.lists(some.tuples(some.sampled_from([Fate.HARD_BOUNCE, Fate.SOFT_BOUNCE]), some.text(), some.integers(1, 9)))
)
def test_every_mail_that_came_back_is_in_one_cause(told: list[tuple[Fate, str, int]]) -> None:
    returned = [Returned(fate=fate, words=words, count=count) for fate, words, count in told]
    fates = {
        fate: sum(one.count for one in returned if one.fate is fate) + 2
        for fate in (Fate.HARD_BOUNCE, Fate.SOFT_BOUNCE)
    }
    made = causes(returned, fates)
    for fate, count in fates.items():
        assert sum(one.mails for one in made if one.fate is fate) == count
    assert len({(one.fate, one.words) for one in made}) == len(made)
