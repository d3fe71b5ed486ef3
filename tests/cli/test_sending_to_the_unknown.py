"""A mail server that knows no such reader says so once; the next mailing leaves that reader out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tests.fakes.smtp import FakeSmtp
from tests.fakes.smtp_behaviour import Behaviour
from tests.support.workspace import ISSUE

if TYPE_CHECKING:
    import pytest

    from tests.support.operator import Operator


def test_who_is_unknown_to_the_server_is_not_tried_by_the_next_mailing(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSLETTER_SECRET", "a secret of the tests")
    monkeypatch.setenv("NEWSLETTER_CHECKS_SPAM_FILTER", "false")
    operator.now = datetime.now(UTC)
    operator.desk.readers(5)
    for name in ("walking", "resting"):
        issue = operator.folder / "issues" / name / "issue.md"
        issue.parent.mkdir(parents=True)
        issue.write_text(ISSUE, encoding="utf-8")
    with FakeSmtp() as fake:
        operator.settings(f'[esp]\nname = "smtp"\n[esp.smtp]\nport = {fake.port}\nrehearsal = true\n')
        fake.at = {
            "reader0002@example.org": Behaviour.UNKNOWN,
            "reader0004@example.org": Behaviour.SPAM,
        }
        operator.types("send", "walking", "--to", "news", "--yes")
        assert len(fake.mails) == 3
        shown = operator.json("suppressions", "list")
        operator.types("send", "resting", "--to", "news", "--yes")
        assert len(fake.mails) == 6
    assert "reader0002@example.org" in str(shown)
    assert "hard bounce" in str(shown)
    assert "reader0004@example.org" not in str(shown)
