"""What inlining leaves alone: the blocks for narrow screens and dark mode, and the standard streams."""

from __future__ import annotations

import re

import pytest

from newsletter.render.inline_styles import inline_styles
from tests.judges.mails import SLUGS, mail


@pytest.mark.parametrize("slug", SLUGS)
def test_enhancements_stay_byte_for_byte_and_nothing_else_is_left(slug: str, capfd: pytest.CaptureFixture[str]) -> None:
    source = mail(slug).source
    kept = re.findall(r'<style data-premailer="ignore">(.*?)</style>', source, re.DOTALL)
    capfd.readouterr()
    inlined = inline_styles(source)
    assert capfd.readouterr() == ("", "")
    assert len(kept) > 2
    shown = re.sub("<!--.*?-->", "", inlined, flags=re.DOTALL)
    assert re.findall("<style[^>]*>(.*?)</style>", shown, re.DOTALL) == kept
    assert not re.search(r"<link|\{\{|\{%|<%|data-premailer", inlined)
    assert inlined.isascii()
