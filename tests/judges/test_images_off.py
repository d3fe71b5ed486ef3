"""While images are off their alt text stands in their place: legible, and not cut."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.judges.looked import resize
from tests.judges.mails import ISSUES, SAMPLE, mail
from tests.support.chromium import NEEDS_CHROMIUM

if TYPE_CHECKING:
    from tests.judges.looked import Desk

pytestmark = NEEDS_CHROMIUM

WITH_IMAGES = sorted(ISSUES.keys() - {SAMPLE})
LOOKS = ((320, False), (375, True), (700, False))
SMALLEST = 13
LEGIBLE = 4.5


def is_readable(alternative: dict[str, Any]) -> bool:
    """An edge of one pixel is allowed for rounding."""
    fits = all(alternative["needed"][side] <= alternative[side] + 1 for side in ("width", "height"))
    return fits and alternative["size"] >= SMALLEST and alternative["contrast"] >= LEGIBLE


@pytest.mark.parametrize("slug", WITH_IMAGES)
def test_alt_texts_can_be_read(slug: str, desk: Desk) -> None:
    page = desk.show(mail(slug), images=False)
    for width, dark in LOOKS:
        resize(page, width, dark=dark)
        alternatives = page.evaluate("looking.alternatives()")
        assert alternatives
        assert [one for one in alternatives if not one["broken"]] == []
        assert [one for one in alternatives if not is_readable(one)] == []
        assert page.evaluate("looking.beyond()") == 0
        assert page.evaluate("looking.overlapping()") == []


@pytest.mark.parametrize("slug", WITH_IMAGES)
def test_every_image_is_there_and_nothing_else_is_asked_for(slug: str, desk: Desk) -> None:
    page = desk.show(mail(slug))
    assert page.evaluate("[...document.images].every(one => one.complete && one.naturalWidth > 0)")
    assert desk.refused == []


def test_an_alt_text_without_room_is_seen(desk: Desk) -> None:
    one = mail("english-article")
    damaged = one.html.replace('"Dr. Lind smiling"', '"Dr. Lind smiling, with more words than fit into a circle"')
    page = desk.show(one, damaged, images=False)
    assert [found["name"] for found in page.evaluate("looking.alternatives()") if not is_readable(found)] == [
        "img.portrait"
    ]
