"""The rules about links, on issues as authors write them: each fault is told by its own rule at its own place."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.check import Mail, check_issue, check_mail
from newsletter.check.links import bare as bare_links
from newsletter.check.links import contacts as link_contacts
from newsletter.check.links import targets as link_targets
from newsletter.check.links import words as link_words
from newsletter.check.links.contacts import mail_mistake, number_mistake
from newsletter.check.links.url import address_of, is_lost, stray_end
from newsletter.check.links.web_names import addresses_in
from newsletter.model.document import cited_keys
from newsletter.model.problem import Level, Place
from newsletter.read import read_issue
from newsletter.references import format_entries, load
from newsletter.render import render
from tests.render.issues import settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from newsletter.model.problem import Problem
    from newsletter.read.issue import ReadResult
    from newsletter.settings import Settings

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
SETTINGS = settings()
RULES = (*link_targets.RULES, *link_contacts.RULES, *link_words.RULES, *bare_links.RULES)
FRONT = (
    "---\ntitle: Hips\npreheader: What we know about hips and what we would like to know\nreferences: refs.json\n---\n"
)
REFERENCE = {"id": "a", "type": "webpage", "title": "On knees", "author": [{"family": "Ex"}], "issued": {"raw": "2020"}}
#: the body begins in this line
FIRST = 6


def reading_of(folder: Path, body: str, given: Settings = SETTINGS) -> ReadResult:
    file = folder / "issue.md"
    file.write_text(FRONT + body + "\n", "utf-8")
    return read_issue(file, given, load)


def mail_of(folder: Path, body: str, url: str = "https://example.org/knees", **sections: object) -> tuple[Mail, str]:
    """The rendered mail of a body, and the source of its file."""
    given = settings(**sections) if sections else SETTINGS
    (folder / "refs.json").write_text(json.dumps([REFERENCE | {"URL": url}], indent=1), "utf-8")
    reading = reading_of(folder, body, given)
    assert reading.issue is not None
    cited = [reading.references[key] for key in cited_keys(reading.issue.body)]
    entries = format_entries(cited, "american-medical-association", "en", ())
    made = render(reading.issue, entries=entries, disclaimers=(), settings=given, source=reading.source, folder=folder)
    mail = Mail(
        issue=reading.issue,
        rendered=made.rendered,
        origins=made.origins,
        disclaimers=(),
        references=tuple(cited),
        settings=given,
    )
    return mail, reading.source


def problems(folder: Path, body: str, **more: object) -> list[Problem]:
    mail, source = mail_of(folder, body, **more)  # type: ignore[arg-type]
    return [*check_issue(mail.issue, mail.references, mail.settings, source, RULES), *check_mail(mail, RULES)]


def told(folder: Path, body: str, **more: object) -> list[tuple[str, str, int, int]]:
    return [(p.code, p.level.value, p.place.line, p.place.column) for p in problems(folder, body, **more)]


def each_told(folder: Path, pieces: Iterable[str]) -> list[list[tuple[str, str, int]]]:
    """Code, level and column of what is told to each of the pieces, which stand in paragraphs of one issue."""
    pieces = list(pieces)
    found: list[list[tuple[str, str, int]]] = [[] for _ in pieces]
    for code, level, line, column in told(folder, "\n\n".join(pieces)):
        found[(line - FIRST) // 2].append((code, level, column))
    return found


def linked(targets: Iterable[str]) -> Iterator[str]:
    return (f"See the [hours {number}]({target})." for number, target in enumerate(targets))


TARGETS = {
    "link-malformed": [
        "https://https://example.org/a", "https://http//example.org", "https://intranet", "https://www.example,org/a",
        "https://example..org", "https://-example.org", "https://example.org:0/", "https://example.org\\page", "https://300.1.1.1/",
        "https://example.org/a\\b", "https://example.org/%20", "https://example.con/", "https://leaflet.pdf", "https://e.x",
        "https://example.org/hours\u200b", "https://example.org/ahttps://example.org/b", "https://exa$mple.org",
    ],
    "link-placeholder": [
        "https://link", "http://link", "https://url", "https://example", "https://your-site.com", "https://www.ihre-domain.de/x",
        "https://example.org/insert-link-here", "https://link-here", "https://todo", "https://...", "https://…",
        "https://example.org/...", "https://example.org/[link]", "https://example.org/{id}", "https://example.org/#tbd",
        "https://example.org/todo", "https://example.org/tba/",
    ],
    "link-private": [
        "http://localhost:8000/", "https://desk.localhost", "https://intranet.local/x", "http://192.168.1.10/", "https://10.0.0.1",
        "https://[::1]/", "http://169.254.169.254/", "https://printer.lan/",
    ],
    "link-lookalike": ["https://exаmple.org", "https://аррӏе.com/", "https://www.xn--exmple-4nf.org/"],
    "link-credentials": ["https://anna:secret@example.org/"],
    "link-mailto": [
        "mailto:ask@example", "mailto:ask@example,org", "mailto:ask@@example.org", "mailto:<ask@example.org>", "mailto:аsk@example.org",
        "mailto://ask@example.org", "mailto:a@example.org;b@example.org", "mailto:ask@example.org?subject=a?body=b",
        "mailto:ask%20@example.org", "mailto:a@example.org,example.org",
    ],
    "link-tel": [
        "tel:1-800-FLOWERS", "tel:+49(0)211123456", "tel:+1213555014212345", "tel://2135550142", "tel:+12135", "tel:+0211123456",
    ],
}  # fmt: skip
DOUBTFUL = {
    "link-insecure": ["http://example.org/", "HTTP://EXAMPLE.ORG/a", "http://example.org/{{ first_name | default('you') }}"],
    "link-shortener": ["https://bit.ly/abc", "https://www.tinyurl.com/abc", "https://bit.ly/{{ first_name | default('a') }}"],
    "link-ip-address": ["https://8.8.8.8/a", "https://203.0.113.7/", "https://[2001:db8::1]/"],
    "link-punctuation": [
        "https://example.org/a.", "https://example.org/a,", "https://example.org.", "https://example.org,", "<https://example.org/a)>",
        "https://example.org/a'", "https://example.org/?a=b.", "https://en.wikipedia.org/wiki/Knee.", "https://example.org/a”", "https://example.org/long…",
    ],
    "link-long": ["https://example.org/" + "a" * 2000],
    "link-malformed": ["https://ww.example.org", "https://wwww.example.org/", "https://example.org/100%"],
    "link-credentials": ["https://ask@example.org"],
    "link-port": ["https://example.org:80/"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("code", "level", "targets"),
    [
        *((code, "error", targets) for code, targets in TARGETS.items()),
        *((code, "warning", targets) for code, targets in DOUBTFUL.items()),
        ("link-port", "information", ["https://example.org:8443/"]),
    ],
)
def test_a_wrong_target_is_told_once_by_its_own_rule_where_it_stands(
    code: str, level: str, targets: list[str], tmp_path: Path
) -> None:
    found = dict(zip(targets, each_told(tmp_path, linked(targets)), strict=True))
    assert found == {target: [(code, level, 9)] for target in targets}


SOUND = [
        "https://example.org", "https://example.com/a?b=c&d=%20e#f", "https://knee.test/", "https://knee.example/a", "#top",
        "https://www.müller.de/über-uns", "https://пример.рф/", "https://例え.jp", "https://xn--mller-kva.de/", "https://a_b.example.org/",
        "https://example.org/wiki/Hip_(joint)", "https://web.archive.org/web/2020/https://example.org/a", "https://EXAMPLE.ORG:443/",
        "https://example.org/?u=https://example.com", "https://example.org/?q='%3E%3C/b%3E", "https://example.org/x.pdf",
        "https://youtu.be/abc", "https://example.org/{{ first_name | default('you') }}", "{{ newsletter.base_url }}/x",
        "https://www.medium.com/@ask", "https://yourhealth.example.org/", "https://here.example.org/link/", "https://example.org/hours?",
        "mailto:ask@example.org", "mailto:ask@example.org?subject=A%20b&body=c@d", "mailto:a@example.org,b@example.org",
        "mailto:{{ email | default('a@example.org') }}", "tel:213-555-0142", "tel:+1-213-555-0142", "tel:(213)555.0142", "tel:112",
        "tel:+12135550142;ext=12", "tel:+12135550142,,12", "tel:*3030", "https://example.org/TODO",
        "https://example.org/kassen/tk", "https://example.org/ticks/tbd/", "https://example.org/es/todo", "https://example.org/tk",
        "https://en.wikipedia.org/wiki/Jeopardy!", "https://en.wikipedia.org/wiki/Apple_Inc.",
    ]  # fmt: skip


def test_a_sound_target_is_not_told(tmp_path: Path) -> None:
    """TODO is told with other leftovers of the text."""
    found = dict(zip(SOUND, each_told(tmp_path, linked(f"<{target}>" for target in SOUND)), strict=True))
    assert {target: problems for target, problems in found.items() if problems} == {}


def test_what_the_template_links_is_sound(tmp_path: Path) -> None:
    body = "## Knees\n\nA claim.[@a]\n\n::: contents\n:::\n\n## Ref 1\n\nText."
    sender = SETTINGS.sender.model_dump() | {
        "phone": ["213-555-0142", "+49 211 123456", "+44 (0)20 7946 0123"],
        "website": "https://example.org",
    }
    assert told(tmp_path, body, url="https://doi.org/10.1234/a", sender=sender) == []


def test_a_link_of_the_settings_is_told_in_their_file(tmp_path: Path) -> None:
    sender = SETTINGS.sender.model_dump() | {"phone": ["ask us"], "website": "http://example.org"}
    found = problems(tmp_path, "Text.", sender=sender)
    assert {(p.code, p.place) for p in found} == {
        ("link-tel", Place(file="newsletter.toml")),
        ("link-insecure", Place(file="newsletter.toml")),
    }


@pytest.mark.parametrize(
    ("url", "code", "level"),
    [
        ("http://example.org/knees", "link-insecure", "information"),
        ("https://bit.ly/knees", "link-shortener", "warning"),
    ],
)
def test_a_link_of_a_reference_is_told_at_its_entry(url: str, code: str, level: str, tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, "## Ref 1\n\nA [first](https://example.org/a) claim.[@a]", url=url)
    assert (problem.code, problem.level) == (code, level)
    assert problem.place.file.endswith("refs.json")
    assert (problem.place.line, problem.place.column) == (3, 3)


@pytest.mark.parametrize(
    ("body", "line", "column"),
    [
        ('::: button href="http://example.org/a" style="primary"\nOur hours\n:::', FIRST, 12),
        ('Text.\n\n::: callout title="A"\n\nSee the [hours](http://example.org/a).\n:::', FIRST + 4, 9),
        ('::: quote attribution="Lind" href="http://example.org/a"\nWalk.\n:::', FIRST, 30),
        ('::: quote attribution="Lind" href="http://example.org/a"\nSee [b](https://example.org/b).\n:::', FIRST, 30),
        ("| a | b |\n| --- | --- |\n| x | [hours](http://example.org/a) |", FIRST + 2, 7),
        ("<http://example.org/a>", FIRST, 1),
        ("One\ntwo [three\nfour](http://example.org/a)", FIRST + 1, 5),
    ],
)
def test_the_place_is_that_of_the_link_or_of_the_href(body: str, line: int, column: int, tmp_path: Path) -> None:
    assert told(tmp_path, body) == [("link-insecure", "warning", line, column)]


VAGUE = [
        "here", "Click here!", "read more", "Read more »", "**More**", "hier", "Weiterlesen", "Mehr", "aquí", "ici", "En savoir plus",
        "Lire la suite…", "qui", "כאן", "לחצו כאן", "→", "📞", "this link", "“here”",
    ]  # fmt: skip


def test_words_that_say_nothing_are_told(tmp_path: Path) -> None:
    found = dict(
        zip(VAGUE, each_told(tmp_path, (f"A [{words}](https://example.org/a)" for words in VAGUE)), strict=True)
    )
    assert found == {words: [("link-words-vague", "warning", 3)] for words in VAGUE}


def test_a_button_must_say_something_too(tmp_path: Path) -> None:
    body = '::: button href="https://example.org/a"\n{}\n:::'
    assert told(tmp_path, body.format("Click here")) == [("link-words-vague", "warning", FIRST, 12)]
    assert told(tmp_path, body.format("Learn more")) == [("link-words-vague", "information", FIRST, 12)]
    assert told(tmp_path, body.format("Ask for a visit")) == []


MISLEADING = [
        "[www.example.org](https://example.com/x)", "[example.org](https://example.com/)", "[nejm.org](https://doi.org/10.1/2)",
        "[see https://example.org/a](https://example.com/a)", "[ask@example.org](mailto:ask@example.com)",
        "[ask@example.org](https://example.org/contact)", "[213-555-0143](tel:+12135550142)", "[www.example.org](mailto:a@example.org)",
    ]  # fmt: skip


def test_words_that_show_another_address_are_told(tmp_path: Path) -> None:
    found = dict(zip(MISLEADING, each_told(tmp_path, (f"Go to {link}." for link in MISLEADING)), strict=True))
    told = {link: [one for one in problems if one[0] == "link-words-mislead"] for link, problems in found.items()}
    assert told == {link: [("link-words-mislead", "warning", 7)] for link in MISLEADING}


AGREEING = [
        "[example.org](https://www.example.org/x)", "[news.example.org](https://shop.example.org/)", "[müller.de](https://www.müller.de/)",
        "[https://example.org/a](https://example.org/b)", "[Node.js](https://example.org/)", "[nhs.uk](https://www.england.nhs.uk/a)",
        "[ask@example.org](mailto:ASK@example.org?subject=x)", "[213-555-0142](tel:+12135550142)", "[0211 123456](tel:+49211123456)",
        "[+49 (0)211 123456](tel:+49211123456)", "[call 213-555-0142, ext. 12](tel:+12135550142)", "[What a.de means](https://example.com)",
        "[{{ email | default('a@example.org') }}](mailto:b@example.org)", "[youtube.com/us](https://youtu.be/abc)",
        "[x.com/us](https://twitter.com/us)",
    ]  # fmt: skip


def test_words_that_show_the_same_place_are_fine(tmp_path: Path) -> None:
    found = dict(zip(AGREEING, each_told(tmp_path, (f"Go to {link}." for link in AGREEING)), strict=True))
    assert {link: problems for link, problems in found.items() if problems} == {}


def test_the_same_words_to_another_page_are_told_at_the_second(tmp_path: Path) -> None:
    body = "- [Register](https://example.org/a)\n- [register!](https://example.org/b)"
    (problem,) = problems(tmp_path, body)
    assert (problem.code, problem.level) == ("link-words-repeated", Level.INFORMATION)
    assert (problem.place.line, problem.place.column) == (FIRST + 1, 3)
    assert f"in line {FIRST}" in problem.message


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.org/a", "https://www.example.org/a/?utm_source=x"),
        ("tel:213-555-0142", "tel:+1-213-555-0142"),
        ("mailto:ask@example.org", "mailto:ask@example.org?subject=Visit"),
    ],
)
def test_the_same_words_to_the_same_page_are_fine(one: str, other: str, tmp_path: Path) -> None:
    assert told(tmp_path, f"[Register]({one}) or [Register]({other})") == []


def bare(folder: Path, body: str) -> list[tuple[str, str, int, int]]:
    """What is told before anything is rendered."""
    reading = reading_of(folder, body)
    assert reading.issue is not None
    found = check_issue(reading.issue, (), SETTINGS, reading.source, RULES)
    return [(p.code, p.level.value, p.place.line, p.place.column) for p in found]


@pytest.mark.parametrize(
    ("body", "line", "column", "level"),
    [
        ("See https://example.org/a, please.", FIRST, 5, "warning"),
        ("One\ntwo (www.example.org/x) three.", FIRST + 1, 6, "warning"),
        ("A **www.example.org** b", FIRST, 5, "warning"),
        ("See example.org/path.", FIRST, 5, "warning"),
        ("Ask booking.com for it.", FIRST, 5, "information"),
        ("[x](https://example.org/a) and https://example.org/a", FIRST, 32, "warning"),
        ("`www.example.org` and www.example.org", FIRST, 23, "warning"),
        ("| a |\n| --- |\n| www.example.org |", FIRST + 2, 3, "warning"),
        ('::: callout title="See www.example.org"\nText.\n:::', FIRST, 24, "warning"),
    ],
)
def test_an_address_that_is_no_link_is_told_where_it_stands(
    body: str, line: int, column: int, level: str, tmp_path: Path
) -> None:
    assert bare(tmp_path, body) == [("link-not-linked", level, line, column)]


LEFT_ALONE = [
        "`www.example.org` is code.\n\n    www.example.org\n\n```\nhttps://example.org\n```", "<https://example.org/a>",
        "Write to ask@example.org.", "Version 2.0 of report.pdf and Node.js, e.g.in May.", "went.to bed, Mr.Smith.", "10.12.2026, 3.50.de",
        "[hours] (https://example.org/a)", "[hours](https://example.org/a b)", "(hours)[https://example.org/a]", "<www.example.org>",
        "We are on Booking.com and Heart.org.", '<a href="https://example.org/a">x</a>', "www. and https:// are what addresses begin with.",
        '::: event title="Talk" start="2026-12-08T18:00" place="www.example.org" href="https://www.example.org/a"\nText.\n:::',
    ]  # fmt: skip


@pytest.mark.parametrize("body", LEFT_ALONE)
def test_what_is_no_bare_address_is_not_told(body: str, tmp_path: Path) -> None:
    """Links that failed and HTML are told by rules of their own."""
    assert bare(tmp_path, body) == []


def test_an_address_is_told_without_the_punctuation_behind_it() -> None:
    text = "(www.example.org/a_(b)), https://example.org/x?y=z! and “example.org/q”."
    assert [address for _, address in addresses_in(text)] == [
        "www.example.org/a_(b)",
        "https://example.org/x?y=z",
        "example.org/q",
    ]


@given(st.text(max_size=40), st.text(max_size=20))
def test_no_address_breaks_a_rule(one: str, other: str) -> None:
    address = address_of(f"https://{one}")
    assert is_lost(address) in {True, False}
    assert len(stray_end(address)) <= 1
    mail_mistake(f"mailto:{one}@{other}")
    number_mistake(f"tel:{one}", other)
    for offset, found in addresses_in(f"{one} www.example.org/{other}"):
        assert f"{one} www.example.org/{other}".startswith(found, offset)


def test_of_many_links_and_addresses_a_hundred_of_each_are_told(tmp_path: Path) -> None:
    links = " ".join(f"[a{n}](http://example.org/{n})" for n in range(1_500))
    bare = " ".join(f"www.example.org/{n}" for n in range(1_500))
    assert len(problems(tmp_path, f"{links}\n\n{bare}")) == 200
