"""The page of a report in a real browser: on a phone and a desk, light and dark, on paper; and axe looks at it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from newsletter.cli.report import command
from tests.judges.tools import AXE, NEEDS_AXE
from tests.support.chromium import NEEDS_CHROMIUM, opened
from tests.support.mailing import BEGIN
from tests.support.operator import operator_at
from tests.support.reported import ReportedDesk

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = [*NEEDS_CHROMIUM, NEEDS_AXE]

_RUN = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations.map(rule => [rule.id, rule.nodes[0].html])"""
#: letters of drawings that end beyond the page
_CUT = """[...document.querySelectorAll('svg text')]
    .filter(one => one.getBoundingClientRect().right > innerWidth).map(one => one.textContent)"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Path:
    """With the pages of a mailing and a list."""
    made = tmp_path_factory.mktemp("report")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(command, "now", lambda: BEGIN + timedelta(days=9))
        operator = operator_at(made, migrated_sqlite, patched)
        desk = ReportedDesk.of(operator.desk)
        desk.people(60, tracked=30)
        for day, issue in enumerate(("pain", "walking")):
            number = desk.went(issue, at=BEGIN + timedelta(days=day), size=20)
            desk.all_kinds(number, 50)
            for reader in range(20 + 10 * day, 26 + 10 * day):
                desk.left(number, reader, "too_often")
        for what in ("walking", "news"):
            operator.types("report", what, "--html", str(made / f"{what}.html"))
        operator.store.close()
    return made


def shown(page: Page, file: Path) -> None:
    page.goto(file.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")


@pytest.mark.parametrize(("width", "dark"), [(375, True), (700, False)])
@pytest.mark.parametrize("what", ["walking", "news"])
def test_it_fits_and_axe_finds_no_fault(chromium: Browser, folder: Path, what: str, width: int, dark: bool) -> None:
    with opened(chromium, width=width, phone=width < 500, dark=dark) as page:
        shown(page, folder / f"{what}.html")
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert page.evaluate(_CUT) == []
        page.evaluate(AXE.read_text("utf-8"))
        faults: Any = page.evaluate(_RUN)
        assert faults == []


def test_it_prints_with_the_numbers_of_every_chart(chromium: Browser, folder: Path) -> None:
    with opened(chromium) as page:
        page.goto((folder / "walking.html").as_uri())
        page.emulate_media(media="print")
        heights = "[...document.querySelectorAll('details table')].map(one => one.getBoundingClientRect().height)"
        assert min(page.evaluate(heights)) > 0
        assert page.pdf(format="A4").startswith(b"%PDF-")
