"""axe-core finds no fault in any mail, on a phone and on a desk, in light and in dark."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from tests.judges.looked import resize
from tests.judges.mails import SLUGS, mail
from tests.judges.tools import AXE, NEEDS_AXE
from tests.support.chromium import NEEDS_CHROMIUM

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from playwright.sync_api import Page

    from tests.judges.looked import Desk

pytestmark = [*NEEDS_CHROMIUM, NEEDS_AXE, pytest.mark.thorough]

#: each width and each scheme once: neither changes what the other does, and test_dark_mode.py measures every contrast
LOOKS = [(700, False), (375, True)]
#: rules of pages: the mail program's page around the mail has these, and each mail breaks them by itself
OF_PAGES = {
    "landmark-one-main": "a mail is shown within the page of its reader's program, whose main part it stands in",
    "region": "landmarks of a mail would stand among those of that page; role=article names the mail",
}
#: what axe cannot decide: (rule, class of the element, axe's reason) -> why it is right
UNDECIDED: Mapping[tuple[str, str, str], str] = {
    ("color-contrast", "link back", "nonBmp"): "an arrow is no letter to axe; it has the colour of all links",
    ("label-content-name-mismatch", "link back", ""): "an arrow says nothing that its label could repeat",
}
#: rules that every mail gives something to judge
TRIED = {"color-contrast", "heading-order", "html-has-lang", "link-in-text-block", "link-name", "target-size"}
#: rule -> what breaks it in a mail
DAMAGES = {
    "image-alt": ('alt="Dr. Lind smiling"', ""),
    "color-contrast": ("color:#626970", "color:#b0b5ba"),
    "heading-order": ("<h3 ", "<h6 "),
    "html-has-lang": (' lang="en" dir="ltr" xmlns', " xmlns"),
    "scope-attr-valid": ('<th scope="col"', '<th scope="nothing"'),
    "link-in-text-block": ("text-decoration:underline", "text-decoration:none"),
}
_RUN = """async () => {
    const options = {
        resultTypes: ["violations", "incomplete"], preload: false, rules: {"target-size": {enabled: true}},
    }
    const found = await axe.run(document, options)
    const nodes = kind => found[kind].flatMap(rule => rule.nodes.map(node => ({
        rule: rule.id,
        className: document.querySelector(node.target[0])?.className ?? "",
        reason: node.any[0]?.data?.messageKey ?? "",
        html: node.html.slice(0, 200),
        summary: node.failureSummary,
    })))
    return {
        violations: nodes("violations"),
        incomplete: nodes("incomplete"),
        passes: found.passes.map(rule => rule.id),
    }
}"""


@dataclass(frozen=True, kw_only=True)
class Judgement:
    violations: list[dict[str, str]]
    incomplete: list[dict[str, str]]
    #: rules that some element kept
    passes: set[str]

    @property
    def broken(self) -> set[str]:
        return {node["rule"] for node in self.violations}

    @property
    def undecided(self) -> set[tuple[str, str, str]]:
        return {(node["rule"], node["className"], node["reason"]) for node in self.incomplete}


def judged(page: Page) -> Iterator[Judgement]:
    """The mail that is shown, in each look."""
    page.evaluate(AXE.read_text("utf-8"))
    for width, dark in LOOKS:
        yield _judgement(page, width, dark)


def _judgement(page: Page, width: int, dark: bool) -> Judgement:
    resize(page, width, dark=dark)
    found: Any = page.evaluate(_RUN)
    return Judgement(violations=found["violations"], incomplete=found["incomplete"], passes=set(found["passes"]))


@pytest.mark.parametrize("slug", SLUGS)
def test_a_mail_has_no_fault(slug: str, desk: Desk) -> None:
    for look in judged(desk.show(mail(slug))):
        assert [node for node in look.violations if node["rule"] not in OF_PAGES] == []
        assert look.undecided - UNDECIDED.keys() == set(), look.incomplete
        assert look.broken == OF_PAGES.keys()
        assert look.passes >= TRIED


def test_every_exception_is_used(desk: Desk) -> None:
    first = next(judged(desk.show(mail("english-article"))))
    assert first.broken == OF_PAGES.keys()
    assert first.undecided == UNDECIDED.keys()


def test_a_damaged_mail_is_seen(desk: Desk) -> None:
    one = mail("english-article")
    html = one.html
    for whole, damaged in DAMAGES.values():
        assert whole in html
        html = html.replace(whole, damaged)
    first = next(judged(desk.show(one, html)))
    assert first.broken - OF_PAGES.keys() >= DAMAGES.keys()
