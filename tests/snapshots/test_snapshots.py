"""Every issue of this small workspace, rendered and held against the files in expected/: blocks as fragments, layouts whole.

Renew them after a change that is meant, and look at what git then shows:

    make snapshots && git diff tests/snapshots
    newsletter -C tests/snapshots screenshot button --out rendered

A new block is one more file in issues/, with `template: block`. Plain files and twenty lines instead of a snapshot
library: they are named after what they show, lie beside their source, open in a browser and an editor, and each test
needs no more than its own.
"""

from __future__ import annotations

import difflib
import os
import re
import unicodedata
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from newsletter.compose.links import delivery_links
from newsletter.compose.message import slot_text
from newsletter.model.problem import has_errors
from newsletter.pipeline import prepare
from newsletter.settings import load

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsletter.model.rendered import Parts

HERE = Path(__file__).parent
EXPECTED = HERE / "expected"
ISSUES = sorted((HERE / "issues").glob("*.md"))
RENEW = os.environ.get("NEWSLETTER_TEST_RENEW") == "1"
NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize("path", ISSUES, ids=[path.stem for path in ISSUES])
def test_an_issue_is_rendered_as_it_was(path: Path) -> None:
    workspace = load(HERE, {})
    prepared = prepare(workspace, path, NOW)
    assert not has_errors(prepared.problems), prepared.problems
    links = delivery_links(workspace.settings.newsletter.base_url, "preview")
    made = {}
    for rendered in prepared.variants:
        name = ".".join(part for part in (path.stem, rendered.variant) if part)
        made[f"{name}.html"] = without_hashes(block(readable(joined(rendered.html, links))))
        made[f"{name}.txt"] = block(joined(rendered.text, links))
    hold(path.stem, made)


def test_no_file_is_left_of_an_issue_that_is_gone() -> None:
    left = [file for file in EXPECTED.iterdir() if not any(file.name.startswith(f"{path.stem}.") for path in ISSUES)]
    for file in left if RENEW else ():
        file.unlink()
    assert RENEW or left == []


def hold(stem: str, made: Mapping[str, str]) -> None:
    """Against the files of this issue; a difference is shown line by line."""
    if RENEW:
        for file in EXPECTED.glob(f"{stem}.*"):
            file.unlink()
        for name, text in made.items():
            (EXPECTED / name).write_text(text, "utf-8", newline="\n")
    expected = {file.name: file.read_text("utf-8") for file in EXPECTED.glob(f"{stem}.*")}
    difference = [
        line
        for name in {**expected, **made}
        for line in difflib.unified_diff(
            expected.get(name, "").splitlines(), made.get(name, "").splitlines(), name, "now", n=1, lineterm=""
        )
    ]
    assert made == expected, "\n".join(["", *difference, "If this is meant: make snapshots"])


def joined(parts: Parts, links: Mapping[str, str]) -> str:
    """As a reader gets it of whom we know nothing."""
    return "".join(part if isinstance(part, str) else slot_text(part, links) for part in parts)


def block(part: str) -> str:
    """What stands between the marks of the layout `block`; all of it in other layouts."""
    found = re.search(r"<!-- block -->\n(.*)<!-- end of block -->", part, re.DOTALL)
    return found[1] if found else part


def without_hashes(html: str) -> str:
    """Images numbered: their real names hold a hash of bytes that libraries compress differently."""
    names = dict.fromkeys(re.findall(r"/i/([\w-]+)\.", html))
    for number, name in enumerate(names, 1):
        html = html.replace(name, f"image-{number}")
    return html


def readable(html: str) -> str:
    """The mail in a form that can be reviewed: styles on a line of their own, letters instead of their numbers."""
    shown = re.sub(r"&#(\d+);", _letter, html).replace(" style=", "\n    style=")
    assert shown.replace("\n    style=", " style=").encode("ascii", "xmlcharrefreplace").decode() == html
    return shown


def _letter(entity: re.Match[str]) -> str:
    """What shows itself: not a joiner, a filler or a space that looks like another, nor what markup is made of."""
    letter = chr(int(entity[1]))
    return entity[0] if letter.isascii() or unicodedata.category(letter)[0] not in "LNPS" else letter
