"""What the page erases by, on a real workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from newsletter import wiring
from newsletter.errors import ProviderFailed
from newsletter.settings.load import load
from newsletter.store import tables as t
from newsletter.web.eraser import eraser
from tests.support import workspace as workspaces
from tests.web.sample_mailing import NOW

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.workspace import Workspace

ADA, BOB = "ada@example.org", "bob@example.org"


class Silent:
    """A provider that does not answer."""

    name = esp = "sendgrid"

    def forget(self, address: str) -> bool:
        raise ProviderFailed("SendGrid", f"no answer about {address}", "Try again.")


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    place = workspaces.make(tmp_path / "letters")
    place.import_readers(f"email,first_name\n{ADA},Ada\n{BOB},Bob\n")
    return place


def test_the_page_erases_as_the_command_does_and_the_provider_comes_first(
    place: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = load(place.folder, {})
    store = wiring.open_store(workspace)
    keys, _ = wiring.open_keys(workspace, store)
    erase = eraser(workspace, store, keys)

    def addresses() -> list[str | None]:
        with store.read() as connection:
            return [*connection.scalars(select(t.subscribers.c.address).order_by(t.subscribers.c.number))]

    monkeypatch.setattr(wiring, "open_mirror", lambda _workspace: Silent())
    with pytest.raises(ProviderFailed):
        erase(ADA, NOW)
    assert addresses() == [ADA, BOB]
    assert not workspace.erasures.exists()

    monkeypatch.undo()
    erase(ADA, NOW)
    assert addresses() == [None, BOB]
    assert workspace.erasures.exists()
    store.close()


def test_staff_see_why_somebody_left(place: Workspace) -> None:
    workspace = load(place.folder, {})
    store = wiring.open_store(workspace)
    with store.write() as connection:
        row = {"subscriber": 1, "mailing": None, "code": "too_often", "words": "Twice\x1b[2J a week", "at": NOW}
        connection.execute(t.leaving_reasons.insert().values(row))
    store.close()
    said = place.run("subscribers", "show", ADA).stdout
    assert "Why they left:\n  2026-03-01 too often: Twice" in said
    assert "\x1b" not in said
    assert place.json("subscribers", "show", ADA)["reasons_for_leaving"][0]["code"] == "too_often"
