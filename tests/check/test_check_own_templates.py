"""What is wrong with a workspace's own templates, styles and settings is told in their files, at the line."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

import pytest

from newsletter.check.page_of_rule import ISSUE
from newsletter.check.written.leftovers_elsewhere import _seen
from newsletter.pipeline import prepare
from newsletter.settings import load
from tests.check.examples import NOW, write

if TYPE_CHECKING:
    from pathlib import Path

FOOTER = '<p class="fine"><a href="#top" class="link">'


def told(folder: Path, name: str, text: str, body: str = "Walk a little every day.") -> list[tuple[str, str, int]]:
    """Code, file and line of each problem."""
    write({ISSUE: body, name: text}, folder)
    prepared = prepare(load(folder, {}), folder / "issues" / "example" / ISSUE, NOW)
    return [(one.code, one.place.file.removeprefix(f"{folder}/"), one.place.line) for one in prepared.problems]


def shipped(name: str, old: str, new: str) -> tuple[str, int]:
    """Our template with one piece changed, and the line of the change."""
    text = files("newsletter.templates").joinpath(f"email/{name}").read_text("utf-8")
    assert old in text
    return text.replace(old, new, 1), text[: text.index(old)].count("\n") + 1


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('<a href="{{ unsubscribe_url }}" class="link">', '<a href="{{ unsubscribe_url }}" style="display:none">', "unsubscribe-not-shown"),
        ('<html lang="{{ language }}" dir', '<html lang="fr" dir', "page-language"),
        (FOOTER, f'<a href="http://example.org">Our house</a>{FOOTER}', "link-insecure"),
        (FOOTER, f"<p>Dear *|FNAME|*</p>{FOOTER}", "template-leftover"),
        (FOOTER, f"<p>TODO: our hours</p>{FOOTER}", "template-leftover"),
        ('<meta charset="utf-8">', '<meta charset="iso-8859-1">', "page-charset"),
        (FOOTER, f'<img src="http://example.org/a.png" alt="Us" width="9" height="9">{FOOTER}', "img-source"),
    ],
)  # fmt: skip
def test_a_tag_is_told_where_it_stands_in_the_template(old: str, new: str, code: str, tmp_path: Path) -> None:
    text, line = shipped("base.html.j2", old, new)
    name = "templates/email/base.html.j2"
    assert (code, name, line) in told(tmp_path, name, text)


def test_tags_that_never_end_hide_nothing_and_take_no_time() -> None:
    """Each end is looked for once; again and again, this would take hours."""
    unclosed = "{{ {% {# <!-- <" * 100_000
    assert _seen(unclosed + "\nTODO") == unclosed + "\nTODO"
    text = "a {{ b\n}} c <!-- TODO --> <p title='TK'>d {% e %}{# f"
    assert _seen(text).split() == ["a", "c", "d", "{#", "f"]
    assert [len(line) for line in _seen(text).split("\n")] == [len(line) for line in text.split("\n")]


def test_headings_without_scope_are_told_in_the_block(tmp_path: Path) -> None:
    text, line = shipped("blocks/table.html.j2", '<th scope="col"', "<th")
    name = "templates/email/blocks/table.html.j2"
    body = "| Day | Hours |\n|---|---|\n| Monday | 8 to 17 |"
    assert told(tmp_path, name, text, body) == [("table-header-scope", name, line)]


def test_a_fault_of_the_author_stays_in_the_issue_when_its_template_is_copied(tmp_path: Path) -> None:
    text, _ = shipped("base.html.j2", "<h1", "<h1")
    found = told(tmp_path, "templates/email/base.html.j2", text, "See the [hours](http://example.org/h).")
    assert found == [("link-insecure", "issues/example/issue.md", 7)]


@pytest.mark.parametrize(
    ("new", "code"),
    [
        (".item{margin:0 0 8px", "style-lost"),
        (".item{margin 0 0 8px}", "style-lost"),
        (".item{magrin:0 0 8px}", "style-property"),
        (".item{margin:0;bakground-color:#ffffff}", "style-property"),
    ],
)
def test_a_slip_in_the_style_sheet_is_told_though_nothing_is_left_of_it_in_the_mail(
    new: str, code: str, tmp_path: Path
) -> None:
    text, line = shipped("style.css.j2", ".item{margin:0 0 8px}", new)
    name = "templates/email/style.css.j2"
    assert (code, name, line) in told(tmp_path, name, text, "- Walk.\n- Rest.")


@pytest.mark.parametrize("name", ["style.css.j2", "narrow.css.j2", "dark.css.j2", "base.html.j2", "base.txt.j2"])
def test_a_copy_of_ours_is_silent(name: str, tmp_path: Path) -> None:
    text, _ = shipped(name, "}", "}")
    assert told(tmp_path, f"templates/email/{name}", text) == []


def test_settings_are_told_at_their_lines(tmp_path: Path) -> None:
    write({"newsletter.toml": '[sender]\ntagline = "TODO"\nwebsite = "http://example.org"\n'}, tmp_path)
    settings = (tmp_path / "newsletter.toml").read_text("utf-8").split("\n")
    prepared = prepare(load(tmp_path, {}), tmp_path / "issues" / "example" / ISSUE, NOW)
    lines = {one.code: settings[one.place.line - 1].partition(" ")[0].strip('"') for one in prepared.problems}
    assert lines == {"settings-leftover": "tagline", "link-insecure": "website"}
