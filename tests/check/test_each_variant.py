"""Mistakes of several mails of one issue: each told once, with whose mail it is in, and none hidden by another."""

from __future__ import annotations

from newsletter.check import each_once
from newsletter.model.problem import Place, error, warning

AT = Place(file="issue.md", line=3, column=1)
HEAVY = warning("mail-heavy", AT, "it is heavy", "Shorten it.")


def test_what_is_wrong_with_every_mail_is_told_once_and_of_nobody() -> None:
    assert each_once([("", [HEAVY]), ("runners", [HEAVY])]) == [HEAVY]
    assert each_once([("", [HEAVY])]) == [HEAVY]
    assert each_once([]) == []


def test_what_is_wrong_with_some_mails_names_one_of_them() -> None:
    (problem,) = each_once([("", []), ("runners", [HEAVY])])
    assert problem.message == "it is heavy (in the mail for readers in runners)"
    (problem,) = each_once([("", [HEAVY]), ("runners", [])])
    assert problem.message == "it is heavy (in the mail for readers in none of the segments)"
    (problem,) = each_once([("", []), ("a", [HEAVY]), ("b+c", [HEAVY])])
    assert problem.message == "it is heavy (in 2 of 3 variants, such as the mail for readers in a)"


def test_an_error_is_not_hidden_by_a_warning_of_another_mail() -> None:
    worse = error("mail-heavy", AT, "it is far too heavy", "Shorten it.")
    told = each_once([("", [HEAVY]), ("runners", [worse])])
    assert [problem.level for problem in told] == [HEAVY.level, worse.level]


def test_all_that_one_mail_has_wrong_at_one_place_is_told() -> None:
    two = [error("link-not-in-text", AT, f"the link {n} is not in the text", "Correct it.") for n in (1, 2)]
    assert each_once([("", two), ("runners", two)]) == two
