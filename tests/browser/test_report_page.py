"""The page for the medical reviewer in a real browser: on a phone, on a desk, on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from newsletter.pipeline.report.making import report_of
from newsletter.pipeline.report.page import report_html
from tests.judges.tools import AXE, NEEDS_AXE
from tests.pipeline.letters_for_review import NOW, workspace_for_review
from tests.support.chromium import NEEDS_CHROMIUM, opened

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

pytestmark = [*NEEDS_CHROMIUM, NEEDS_AXE]

_RUN = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations.map(rule => [rule.id, rule.nodes[0].html])"""
#: whatever is not allowed to be cut is less high than a sheet
_HEIGHTS = "[...document.querySelectorAll('.beside, .decide, .top, .signatures')].map(one => one.offsetHeight)"


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("review")
    file = folder / "page.html"
    file.write_text(report_html(report_of(*workspace_for_review(folder / "here"), NOW)), encoding="utf-8")
    return file


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [375, 1000])
def test_it_fits_and_axe_finds_no_fault(chromium: Browser, page_file: Path, width: int, dark: bool) -> None:
    with opened(chromium, width=width, phone=width < 500, dark=dark) as page:
        page.goto(page_file.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") == width
        page.evaluate(AXE.read_text("utf-8"))
        faults: Any = page.evaluate(_RUN)
        assert faults == []


def test_it_prints_with_page_numbers_and_nothing_that_must_be_cut(chromium: Browser, page_file: Path) -> None:
    with opened(chromium) as page:
        page.goto(page_file.as_uri())
        page.emulate_media(media="print")
        assert max(page.evaluate(_HEIGHTS)) < 900
        assert page.evaluate("getComputedStyle(document.querySelector('.beside')).breakInside") == "avoid"
        for paper in ("A4", "Letter"):
            printed = page.pdf(format=paper)
            assert printed.startswith(b"%PDF-")
            assert printed.count(b"/Type /Page\n") > 1
