"""How long a mail is for Gmail, and what must not be in a mail at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.check.finished.size import CLIPPED_FROM, HEAVY_FROM, RED_FROM, Light, gauge, may_be_tracked
from newsletter.check.finished.style_mistakes import mistake_in, nested_at
from newsletter.model.rendered import Context, Rendered, Slot
from newsletter.settings import Settings
from tests.support.mail_programs import problems_of

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.model.problem import Problem
    from newsletter.model.rendered import Parts

MASTHEAD = "templates/email/parts/masthead.html.j2"
NAME = Slot(name="first_name", context=Context.HTML, fallback="reader")
SPORT = Slot(name="sport", context=Context.HTML)
LEAVE = Slot(name="unsubscribe_url", context=Context.URL)


def mail(*html: str | Slot) -> Rendered:
    parts: Parts = html
    return Rendered(
        subject=("S",), preheader=(), html=parts, text=("t",), from_name="a", from_address="a@example.org",
        reply_to="", language="en",
    )  # fmt: skip


def settings(esp: str = "outbox", base_url: str = "https://news.example.org") -> Settings:
    sections: dict[str, Any] = {
        "newsletter": {"name": "Larkmeadow Letters", "base_url": base_url},
        "sender": {"name": "Clinic", "address": "letters@example.org", "postal_address": "12 Example Street"},
        "esp": {"name": esp},
        "attributes": {"sport": {"type": "choice", "choices": ["running", "walking in the hills, and swimming"]}},
    }
    return Settings.model_validate(sections)


def found(folder: Path, files: dict[str, str], *codes: str) -> list[Problem]:
    return [problem for problem in problems_of(folder, files) if problem.code in codes]


# the gauge


@pytest.mark.parametrize(
    ("octets", "light"),
    [
        (HEAVY_FROM, Light.GREEN), (HEAVY_FROM + 1, Light.AMBER), (RED_FROM - 1, Light.AMBER), (RED_FROM, Light.RED),
        (CLIPPED_FROM + 1, Light.RED),
    ],
)  # fmt: skip
def test_the_light_changes_at_75_and_100_kilobytes(octets: int, light: Light) -> None:
    measured = gauge(mail("x" * octets))
    assert (measured.octets, measured.light) == (octets, light)


def test_the_reader_with_the_longest_fields_counts() -> None:
    assert gauge(mail(NAME)).octets == 20 * len("&#1488;")
    assert gauge(mail(Slot(name="first_name", context=Context.HTML, fallback="x" * 300))).octets == 300
    assert gauge(mail(SPORT), settings()).octets == len("walking in the hills, and swimming")
    token = 32
    assert gauge(mail(LEAVE), settings()).octets == len("https://news.example.org/u/") + token
    assert gauge(mail(LEAVE), settings(base_url="https://a.example/long/path")).octets > gauge(mail(LEAVE)).octets - 30


def test_links_that_may_be_tracked_count_for_more() -> None:
    links = ('<a class="x" href="https://example.org">a</a><a href="#top">b</a><a href="', LEAVE, '">c</a>')
    plain, tracked = gauge(mail(*links), settings()), gauge(mail(*links), settings("smtp"))
    assert (plain.links, plain.allowance, tracked.allowance) == (2, 0, 500)
    assert tracked.octets == plain.octets + 500
    assert not may_be_tracked(settings("sendgrid"))


def test_sections_are_the_stretches_between_headings() -> None:
    html = ("<p>a</p><h1>One &amp; <b>only</b></h1>", NAME, "<h2 class='x'>Two", NAME, f"</h2>{'y' * 500}<h6>no</h6>")
    measured = gauge(mail(*html))
    assert [section.title for section in measured.sections] == ["", "One & only", "Two..."]
    assert sum(section.octets for section in measured.sections) == measured.octets
    assert measured.heaviest[0].title == "Two..."
    assert [section.offset for section in measured.sections][:2] == [0, 8]


@given(
    st.lists(
        st.sampled_from(["<h2>a</h2>", "<h2>", "</h2>", "é", "<h1", NAME, LEAVE, '<a href="https:">']), max_size=20
    )
)
def test_the_sections_weigh_as_much_as_the_whole(html: list[str | Slot]) -> None:
    measured = gauge(mail(*html), settings())
    assert sum(section.octets for section in measured.sections) == measured.octets


# its rules

PARAGRAPH = (
    "Walking a little every day helps a stiff hip more than anything else that we know of, and costs nothing.\n\n"
)


def test_a_long_mail_names_its_heaviest_parts(tmp_path: Path) -> None:
    body = "## Short\n\nA word.\n\n## Long\n\n" + PARAGRAPH * 450
    (problem,) = found(tmp_path, {"issue.md": body}, "mail-heavy", "gmail-clip")
    assert problem.code == "mail-heavy"
    assert problem.place.line == 2
    assert '"Long" (' in problem.fix
    assert ", line 11)" in problem.fix


def test_what_tracking_adds_is_told_where_it_decides(tmp_path: Path) -> None:
    link = "See [the opening hours](https://example.org/hours) and come when it suits you; nobody has to wait for long.\n\n"
    body = link * 220
    plain = found(tmp_path / "a", {"issue.md": body}, "mail-heavy", "gmail-clip")
    tracked = found(
        tmp_path / "b", {"issue.md": body, "newsletter.toml": '[esp]\nname = "smtp"\n'}, "mail-heavy", "gmail-clip"
    )
    assert [problem.code for problem in plain] in ([], ["mail-heavy"])
    assert [problem.code for problem in tracked] == ["gmail-clip"]
    assert "once a provider counts clicks" in tracked[0].message
    assert "250 bytes each" in tracked[0].message


# style blocks


@pytest.mark.parametrize(
    ("css", "what"),
    [
        ("@media print{\n.a{color:red}\n", "a `{` is not closed"),
        (".a{color:red}\n}", "there is a `}` too many"),
        (".a{color:red} /* for phones", "a comment is not closed"),
        ('.a{font-family:"Georgia;\ncolor:red}', "a text in quotes is not closed"),
        (".a{color:red}\n.b", "`.b` is no rule"),
        ("@media print{.a{color:red} .b}", "`@media print{.a{color:red} .b}` is no rule"),
        (".a{color red}", "`.a{color red}` is no rule"),
    ],
)
def test_a_mistake_in_a_style_block_is_found(css: str, what: str) -> None:
    mistake = mistake_in(css)
    assert mistake
    assert mistake.what == what
    assert mistake.near in css


@pytest.mark.parametrize(
    "css",
    [
        "", ".a{color:red}", "/* { */ .a::before{content:'}'}", '[href*="@x"]{color:red;}', "@import url(a.css);",
        "@media print{.a{color:red}}@font-face{font-family:A}", "@keyframes a{from{color:red}to{color:blue}}",
        ".a{background:url(data:image/png;base64,AA==)}", "@charset 'utf-8'; .a{color:red;;}", ".a{b:c}\n\n",
        ":root{color-scheme:light dark;supported-color-schemes:light dark}", "a[x-apple-data-detectors]{color:inherit !important}",
    ],
)  # fmt: skip
def test_a_sound_style_block_is_silent(css: str) -> None:
    assert mistake_in(css) is None
    assert nested_at(css) is None


def test_an_at_rule_within_another_is_found() -> None:
    nested = nested_at("@import url(a.css);\n@media print{.a{b:c}}\n@supports (a:b){\n@media print{.a{b:c}}}")
    assert nested
    assert nested.what == "`@media` stands within `@supports`"
    assert nested.near == "@media print{.a{b:c}}}"


@given(st.text(alphabet="ab:;{}\"'/*@ \n\\", max_size=80))
def test_any_style_block_is_looked_at_without_a_fault(css: str) -> None:
    mistake_in(css)
    nested_at(css)


def test_a_broken_style_block_is_told_at_its_line_in_the_template(tmp_path: Path) -> None:
    css = ".h1{font-size:20px !important}\n@media print{\n.h1{color:#000000 !important}\n"
    (problem,) = found(tmp_path, {"templates/email/narrow.css.j2": css}, "style-broken")
    assert problem.place.file.endswith("narrow.css.j2")
    assert (problem.place.line, problem.place.column) == (2, 1)


def test_only_the_rule_that_is_meant_speaks(tmp_path: Path) -> None:
    said = {}
    for name, html in {
        "active-content": '<p onclick="go()">L</p>',
        "style-linked": '<link href="https://example.org/a.css" rel="stylesheet"><p>L</p>',
        "style-in-body": '<style data-premailer="ignore">.h1{color:#000000}</style><p>L</p>',
    }.items():
        said[name] = [problem.code for problem in problems_of(tmp_path / name, {MASTHEAD: html})]
    assert said == {name: [name] for name in said}


@pytest.mark.parametrize("tag", ["script", "iframe", "object", "form", "embed"])
def test_active_content_is_an_error_at_its_line(tag: str, tmp_path: Path) -> None:
    html = f"<p>Larkmeadow</p>\n<div><{tag}></{tag}></div>"
    (problem,) = found(tmp_path, {MASTHEAD: html}, "active-content")
    assert problem.level.value == "error"
    assert problem.place.file.endswith(MASTHEAD)
    assert (problem.place.line, problem.place.column) == (2, 6)


def test_a_field_without_a_form_is_a_warning(tmp_path: Path) -> None:
    (problem,) = found(tmp_path, {MASTHEAD: '<p>Larkmeadow</p><input type="checkbox">'}, "active-content")
    assert problem.level.value == "warning"
