"""The Nu HTML checker (https://validator.github.io/validator/) finds nothing but what mail programs ask for."""

from __future__ import annotations

import json
import subprocess
from collections import defaultdict
from typing import TYPE_CHECKING

import pytest

from tests.judges.mails import SLUGS, mail
from tests.judges.tools import JAVA, NEEDS_VNU, VNU

if TYPE_CHECKING:
    from collections.abc import Mapping

pytestmark = NEEDS_VNU

#: Java spends nothing on making a long run fast; code made quickly takes more of the stack
_STARTS_FAST = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xss8m")
_IN_CSS = "Use CSS instead."
#: attribute, elements, what the checker advises, why we have it
_OBSOLETE = (
    ("align", ("table", "td", "th"), _IN_CSS, "an outer align=center would be inherited in several clients"),
    ("valign", ("td",), _IN_CSS, "Outlook reads it from the attribute"),
    ("width", ("table", "td"), _IN_CSS, "Outlook reads it from the attribute"),
    ("height", ("td",), _IN_CSS, "Outlook makes a thin cell as high as a line without it"),
    ("cellpadding", ("table",), _IN_CSS, "clients that drop styles would pad every cell"),
    ("cellspacing", ("table",), _IN_CSS, "Outlook has no border-spacing"),
    (
        "border",
        ("table",),
        "Consider specifying “img { border: 0; }” in CSS instead.",
        "Outlook draws borders without it",
    ),
    ("bgcolor", ("body", "table", "td", "th"), _IN_CSS, "clients that drop styles keep the colour"),
)
_ANCHOR = "Gmail and Outlook jump to nothing but an empty anchor with a name"
_INLINER = "premailer writes it wherever a background is; nothing reads it there"
_OUTLOOK = "a property of Outlook, unknown to others"

#: message -> why it may stand
ALLOWED: dict[str, str] = {
    f"The “{attribute}” attribute on the “{element}” element is obsolete. {advice}": why
    for attribute, elements, advice, why in _OBSOLETE
    for element in elements
}
ALLOWED |= {
    f"Attribute “bgcolor” not allowed on element “{element}” at this point.": _INLINER
    for element in ("a", "code", "div", "h1", "img", "p")
}
ALLOWED |= {
    f"CSS: “{name}”: Property “{name}” doesn't exist.": _OUTLOOK
    for name in ("mso-hide", "mso-line-height-rule", "mso-padding-alt")
}
ALLOWED |= {
    "Element “a” is missing required attribute “href”.": _ANCHOR,
    "The “name” attribute is never allowed on the “a” element.": _ANCHOR,
    "The “name” attribute on the “a” element is obsolete. "
    "Consider putting an “id” attribute on the nearest container instead.": _ANCHOR,
    "CSS: “supported-color-schemes”: Property “supported-color-schemes” doesn't exist.": "Apple Mail's first name for color-scheme",
    "Attribute “xmlns:v” not allowed here.": "Outlook reads the mail as XML of Office",
    "Attribute “xmlns:o” not allowed here.": "Outlook reads the mail as XML of Office",
    "Element “meta” is missing one or more of the following "
    "attributes: “content”, “property”.": "x-apple-disable-message-reformatting is a name without content",
}


@pytest.fixture(scope="module")
def messages(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, set[str]]:
    """Mail -> what the checker says; one run for all, since Java starts slowly."""
    folder = tmp_path_factory.mktemp("checked")
    for slug in SLUGS:
        (folder / f"{slug}.html").write_text(mail(slug).html, "utf-8")
    (folder / "damaged.html").write_text(damaged(mail("english-article").html), "utf-8")
    assert JAVA
    done = subprocess.run(
        [JAVA, *_STARTS_FAST, "-jar", VNU, "--format", "json", "--exit-zero-always", *folder.glob("*.html")],
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, set[str]] = defaultdict(set)
    for one in json.loads(done.stderr)["messages"]:
        found[one["url"].rpartition("/")[2].removesuffix(".html")].add(one["message"])
    return found


def damaged(html: str) -> str:
    """Without its first alt text, with an id twice, a cell too many and a tag that is never closed."""
    html = html.replace(' alt="', ' data-was-alt="', 1).replace('id="ref-2"', 'id="ref-1"')
    return html.replace("</p>", "<em></p></td>", 1)


@pytest.mark.parametrize("slug", SLUGS)
def test_a_mail_is_valid_but_for_what_clients_ask(slug: str, messages: Mapping[str, set[str]]) -> None:
    assert messages[slug] - ALLOWED.keys() == set()


def test_every_exception_is_used(messages: Mapping[str, set[str]]) -> None:
    assert ALLOWED.keys() - set().union(*(messages[slug] for slug in SLUGS)) == set()


def test_a_damaged_mail_is_seen(messages: Mapping[str, set[str]]) -> None:
    new = "\n".join(messages["damaged"] - ALLOWED.keys())
    for part in ("must have an “alt” attribute", "Duplicate ID “ref-1”", "Stray end tag “td”", "Unclosed element “em”"):
        assert part in new
