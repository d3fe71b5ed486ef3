"""`newsletter corrections`, as the office uses it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click import UsageError

from newsletter.cli.words import exit_code, explain
from newsletter.errors import CorrectionNotFound, IssueNotSent

if TYPE_CHECKING:
    from tests.support.operator import Operator


@pytest.fixture
def issue(operator: Operator) -> str:
    number = operator.sent(1)
    return operator.desk.mailing(number).issue


def test_a_correction_is_added_shown_and_withdrawn(operator: Operator, issue: str) -> None:
    assert "corrections withdraw 1" in operator.reads("corrections", "add", issue, " 120, \n not 210.\n\n\n\nThanks ")
    (told,) = operator.json("corrections", "list", issue)["corrections"]
    assert (told["number"], told["issue"], told["text"]) == (1, issue, "120,\nnot 210.\n\nThanks")
    assert told["withdrawn_at"] is None
    shown = operator.reads("corrections", "list")
    assert "120, not 210." in shown
    assert operator.json("corrections", "withdraw", "1")["changed"]
    assert "already" in operator.reads("corrections", "withdraw", "1")
    assert "withdrawn" in operator.reads("corrections", "list")
    assert operator.json("corrections", "list", "other") == {"corrections": []}


def test_the_text_may_come_from_standard_input(operator: Operator, issue: str) -> None:
    operator.types("corrections", "add", issue, "-", answer="One\r\n\r\nTwo\r\n")
    assert operator.json("corrections", "list")["corrections"][0]["text"] == "One\n\nTwo"


@pytest.mark.parametrize("text", ["", " \n ", "a\x1bb", "a\u202eb", "x" * 5001])
def test_a_text_that_readers_could_not_read_is_refused(operator: Operator, issue: str, text: str) -> None:
    with pytest.raises(UsageError):
        operator.types("corrections", "add", issue, text)
    assert "No corrections" in operator.reads("corrections", "list")


def test_what_was_not_sent_has_no_correction_and_the_nearest_name_is_told(operator: Operator, issue: str) -> None:
    with pytest.raises(IssueNotSent) as none:
        operator.types("corrections", "add", f"{issue}x", "Text")
    assert f"Did you mean {issue}?" in explain(none.value)
    assert exit_code(none.value) == 2
    with pytest.raises(CorrectionNotFound) as unknown:
        operator.types("corrections", "withdraw", "7")
    assert "newsletter corrections list" in explain(unknown.value)
