"""A workspace's own templates: single files replace ours; mistakes in them are told with file and line."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

import pytest

from newsletter.model.problem import Level
from newsletter.render import known_templates
from newsletter.render.translations import translations
from tests.render.dom import filled_html, filled_text
from tests.render.issues import at, paragraph, rendering

if TYPE_CHECKING:
    from pathlib import Path


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_the_packaged_templates_are_known() -> None:
    assert known_templates(()) == ("announcement", "article", "digest")


def test_one_file_of_the_workspace_replaces_one_of_ours(tmp_path: Path) -> None:
    write(tmp_path, "email/blocks/paragraph.html.j2", '<p class="{{ tone }}">own: {{ content }}</p>')
    mail = rendering(paragraph("Hello"), folder=tmp_path, folders=(tmp_path,))
    assert mail.problems == ()
    assert "own: Hello" in filled_html(mail)


def test_a_layout_of_the_workspace_can_be_used_and_takes_our_text(tmp_path: Path) -> None:
    layout = '{% extends "email/base.html.j2" %}{% block signature %}<tr><td>signed by us</td></tr>{% endblock %}'
    write(tmp_path, "email/seasonal.html.j2", layout)
    assert "seasonal" in known_templates((tmp_path,))
    mail = rendering(paragraph("Hello"), folder=tmp_path, folders=(tmp_path,), template="seasonal")
    assert mail.problems == ()
    assert "signed by us" in filled_html(mail)
    assert "Hello" in filled_text(mail)


def test_an_unknown_template_names_the_nearest(tmp_path: Path) -> None:
    mail = rendering(paragraph("Hello"), folder=tmp_path, template="artikle")
    (problem,) = mail.problems
    assert problem.code == "template-unknown"
    assert "`article`" in problem.fix
    assert "Hello" in filled_html(mail)


def test_a_syntax_error_is_told_with_file_and_line(tmp_path: Path) -> None:
    path = write(tmp_path, "email/blocks/paragraph.html.j2", "<p>\n{% if %}\n</p>")
    mail = rendering(paragraph("Hello"), folder=tmp_path, folders=(tmp_path,))
    (problem,) = mail.problems
    assert (problem.code, problem.place.file, problem.place.line) == ("template-syntax", str(path), 2)
    assert "Hello" in filled_html(mail)


@pytest.mark.parametrize(
    "line",
    [
        "{{ nothing_of_the_kind }}",
        "{{ 1 // 0 }}",
        "{{ content.__class__.__mro__ }}",
        "{% include 'none.j2' %}",
        "{{ content + 1 }}",
        "{% for x in range(999999999) %}{% endfor %}",
        "{{ lipsum() }}",
        "{% include 'email/blocks/paragraph.html.j2' %}",
    ],
)
def test_a_template_that_fails_is_told_with_file_and_line(line: str, tmp_path: Path) -> None:
    path = write(tmp_path, "email/blocks/paragraph.html.j2", f"<p>\n{line}\n</p>")
    mail = rendering(paragraph("Hello"), folder=tmp_path, folders=(tmp_path,))
    (problem,) = mail.problems
    assert (problem.code, problem.place.file) == ("template-error", str(path))
    assert problem.place.line == 2
    assert "Hello" in filled_html(mail)


def test_single_words_of_the_workspace_replace_ours(tmp_path: Path) -> None:
    write(tmp_path, "translations/en.toml", 'unsubscribe = "Leave us"\n')
    mail = rendering(folder=tmp_path, folders=(tmp_path,))
    assert mail.problems == ()
    assert "Leave us" in filled_html(mail)
    assert "Back to top" in filled_html(mail)


def test_a_translation_with_other_names_is_refused_and_ours_is_used(tmp_path: Path) -> None:
    write(tmp_path, "translations/en.toml", 'why = "Hello {reader.__class__}"\n')
    mail = rendering(folder=tmp_path, folders=(tmp_path,))
    assert [problem.code for problem in mail.problems] == ["translation-names"]
    assert "You receive this because" in filled_html(mail)


def test_a_broken_translation_file_is_told(tmp_path: Path) -> None:
    write(tmp_path, "translations/en.toml", "unsubscribe = \n")
    mail = rendering(folder=tmp_path, folders=(tmp_path,))
    assert [problem.code for problem in mail.problems] == ["translation-syntax"]


def test_a_language_of_the_workspaces_own_needs_one_file(tmp_path: Path) -> None:
    english = files("newsletter.templates").joinpath("translations", "en.toml").read_text(encoding="utf-8")
    write(tmp_path, "translations/pt.toml", english.replace('"Unsubscribe"', '"Cancelar a assinatura"'))
    mail = rendering(folder=tmp_path, folders=(tmp_path,), language="pt-BR")
    assert mail.problems == ()
    assert "Cancelar a assinatura" in filled_text(mail)


def test_words_that_a_language_lacks_stay_english_and_are_named(tmp_path: Path) -> None:
    path = write(tmp_path, "translations/pt.toml", 'unsubscribe = "Cancelar a assinatura"\nand = "e"\n')
    mail = rendering(folder=tmp_path, folders=(tmp_path,), language="pt")
    (problem,) = mail.problems
    assert (problem.code, problem.level, problem.place.file) == ("translation-incomplete", Level.WARNING, str(path))
    assert "`view_in_browser`" in problem.message
    assert "`unsubscribe`" not in problem.message
    assert "Cancelar a assinatura" in filled_text(mail)
    assert "View in your browser" in filled_text(mail)


def test_a_language_without_a_file_says_how_to_make_one(tmp_path: Path) -> None:
    (problem,) = rendering(folder=tmp_path, language="pt-BR").problems
    assert problem.code == "language-untranslated"
    assert "newsletter templates copy translations/en.toml --as translations/pt.toml" in problem.fix


@pytest.mark.parametrize(
    ("language", "names", "expected"),
    [
        ("en", ["Ana", "Bo"], "Ana and Bo"),
        ("fr", ["Ana", "Bo", "Cy"], "Ana, Bo et Cy"),
        ("he", ["\u05d3\u05e0\u05d4", "\u05d9\u05d5\u05e1\u05d9"], "\u05d3\u05e0\u05d4 \u05d5\u05d9\u05d5\u05e1\u05d9"),
        ("he", ["\u05d3\u05e0\u05d4", "\u2068Bo\u2069"], "\u05d3\u05e0\u05d4 \u05d5-\u2068Bo\u2069"),
        ("he", ["\u05d3\u05e0\u05d4", "42"], "\u05d3\u05e0\u05d4 \u05d5-42"),
    ],
)
def test_names_are_listed_as_the_language_does(language: str, names: list[str], expected: str) -> None:
    words, problems = translations(language, at(1), ())
    assert problems == []
    assert words.listed(names) == expected


def test_french_puts_a_space_before_the_colon(tmp_path: Path) -> None:
    mail = rendering(folder=tmp_path, language="fr")
    assert "Contact\u00a0: ask@example.org" in filled_text(mail)
    assert "Contact&#160;: <a" in filled_html(mail)


@pytest.mark.parametrize(
    "line",
    [
        "{% for a in range(99999) %}{% for b in range(99999) %}x{% endfor %}{% endfor %}",
        "{{ 10 ** (10 ** 8) }}",
        "{{ 'a' * 10 ** 9 }}",
        "{{ 10 ** 9 * [1] }}",
        "{{ '%999999999d' % 1 }}",
        "{{ '{:999999999}'.format(1) }}",
        "{{ 'a'.ljust(999999999) }}",
        "{{ 'a' | center(999999999) }}",
        "{{ '%*d' | format(999999999, 1) }}",
        "{{ '{:{}}'.format(1, 999999999) }}",
    ],
)
def test_a_template_makes_nothing_of_a_size_that_no_mail_needs(line: str, tmp_path: Path) -> None:
    path = write(tmp_path, "email/blocks/paragraph.html.j2", f"<p>\n{line}\n</p>")
    mail = rendering(paragraph("Hello"), folder=tmp_path, folders=(tmp_path,))
    (problem,) = mail.problems
    assert (problem.code, problem.place.file, problem.place.line) == ("template-error", str(path), 2)
    assert "Hello" in filled_html(mail)


@pytest.mark.parametrize(
    "line",
    [
        "{{ '%s and %d' % ('a', 7) }}",
        "{{ 'ab' * 20 }}",
        "{{ 2 ** 10 }}",
        "{{ 7 % 2 * 1.5 }}",
        "{{ '{:>4}'.format('a') }}",
        "{{ 'a' | center(9) }}",
    ],
)
def test_a_template_may_count_and_format_as_usual(line: str, tmp_path: Path) -> None:
    write(tmp_path, "email/blocks/paragraph.html.j2", f"<p>{line}{{{{ content }}}}</p>")
    assert rendering(paragraph("Hello"), folder=tmp_path, folders=(tmp_path,)).problems == ()


@pytest.mark.parametrize("more", ["<p>a</p>" * 300_000, "<style>" + "p{color:red}" * 20_000 + "</style>"])
def test_a_template_that_makes_a_giant_of_a_mail_is_refused(more: str, tmp_path: Path) -> None:
    write(tmp_path, "email/blocks/paragraph.html.j2", f"<p>{{{{ content }}}}</p>{more}")
    mail = rendering(paragraph("Hello"), folder=tmp_path, folders=(tmp_path,))
    assert [problem.code for problem in mail.problems] == ["template-error"]
    assert "KB" in mail.problems[0].message
