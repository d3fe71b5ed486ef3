"""Which targets of links and sources of images are let through."""

from __future__ import annotations

import pytest

from newsletter.model.document import Image, Link, Text, TypedBlock, every_inline
from newsletter.model.problem import Level
from tests.read.letters import inlines, issue_of, problem, read_body, told_in_body


@pytest.mark.parametrize(
    "target",
    [
        "https://example.org",
        "http://example.org/a?b=c#d",
        "HTTPS://EXAMPLE.ORG",
        "mailto:ask@example.org?subject=x",
        "tel:+1-213-555-0142",
        "#the-short-answer",
        "https://example.org/a_(b)",
        "https://[2001:db8::1]/",
        "<https://example.org/a)b>",
    ],
)
def test_a_target_that_a_mail_program_can_open(target: str) -> None:
    assert told_in_body(f"[x]({target})") == []
    assert any(isinstance(inline, Link) for inline in inlines(f"[x]({target})"))


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java&#115;cript:x",
        "vbscript:x",
        "data:text/html,x",
        "data:image/png;base64,xx",
        "file:///etc/passwd",
        "ftp://example.org",
        "www.example.org",
        "example.org/page",
        "//example.org",
        "page.html",
        "/page",
        "../page",
        "",
        "#",
        "https://",
        "https:example.org",
        "http:///x",
        "https://[::1",
        "https://example.org:port/",
        "mailto:nobody",
        "tel:x",
        "<https://example.org/a b>",
        "<javascript:alert(1)>",
        "https://example.org/a&#10;b",
        "&Tab;javascript:x",
        "{{ issue.title }}",
        "{{ city | default('javascript:x') }}",
    ],
)
def test_any_other_target_is_an_error_and_only_the_words_stay(target: str) -> None:
    result = read_body(f"see [x]({target}) y")
    found = problem(result, "link-target")
    assert (found.level, found.place.line, found.place.column) == (Level.ERROR, 4, 5)
    assert not any(isinstance(inline, Link) for inline in inlines(f"see [x]({target}) y"))
    assert Text(text="see x y") in inlines(f"see [x]({target}) y")


def test_the_scheme_that_is_missing_is_offered() -> None:
    assert "https://www.example.org" in problem(read_body("[x](www.example.org)"), "link-target").fix
    assert "https://example.org/page" in problem(read_body("[x](example.org/page)"), "link-target").fix


def test_autolinks() -> None:
    mail = next(i for i in inlines("<ask@example.org>") if isinstance(i, Link))
    assert mail.target == ("mailto:ask@example.org",)
    assert mail.content == (Text(text="ask@example.org"),)
    assert told_in_body("a <javascript:x> b") == [("link-target", 1, 3)]


def test_a_bad_definition_is_told_where_it_stands_used_or_not() -> None:
    assert told_in_body("[x] and [x]\n\n[x]: javascript:y\n\n> [z]: word\n") == [
        ("link-target", 3, 1),
        ("link-target", 5, 1),
    ]
    assert inlines("[x]\n\n[x]: javascript:y\n") == [Text(text="x")]


def test_links_and_sources_of_blocks_are_judged_too() -> None:
    text = '::: button href="javascript:x"\nGo\n:::\n\n::: figure src="http://x.org/a.png" alt="" href="x"\n:::\n'
    assert told_in_body(text) == [("link-target", 1, 12), ("image-source", 5, 12), ("link-target", 5, 44)]


@pytest.mark.parametrize("source", ["knee.jpg", "images/knee.jpg", "https://example.org/knee.png", "Bild%20eins.png"])
def test_sources_of_images(source: str) -> None:
    assert told_in_body(f"![x]({source})") == []


@pytest.mark.parametrize(
    "source",
    [
        "http://example.org/a.png",
        "data:image/png;base64,xx",
        "javascript:x",
        "file:///a.png",
        "C:\\\\a.png",
        "//example.org/a.png",
        "/etc/a.png",
        "~/a.png",
        "../secret.png",
        "a/../../b.png",
        "",
        "https://",
        "{{ city | default('a') }}.png",
    ],
)
def test_other_sources_are_errors(source: str) -> None:
    assert [code for code, _, _ in told_in_body(f"![x]({source})")] == ["image-source"]
    assert [code for code, _, _ in told_in_body(f"a ![x]({source}) b")] == ["image-source"]
    (block,) = issue_of(read_body(f"![x]({source})")).body
    assert isinstance(block, TypedBlock)


@pytest.mark.parametrize("text", ["words ![x](javascript:x)", "![x](data:x)", '::: figure src="/x.png" alt="x"\n:::'])
def test_a_source_that_is_none_is_left_empty_so_that_nothing_looks_for_it(text: str) -> None:
    result = read_body(text)
    assert [found.code for found in result.problems] == ["image-source"]
    sources = [inline.source for inline in every_inline(issue_of(result).body) if isinstance(inline, Image)]
    sources += [block.attributes["src"] for block in issue_of(result).body if isinstance(block, TypedBlock)]
    assert sources == [()]
