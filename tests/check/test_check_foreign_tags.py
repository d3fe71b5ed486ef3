"""Merge tags of other programs are told with ours; ordinary text that looks a little like them is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from newsletter.check.written import foreign_tags
from tests.check.typed import problems, told

if TYPE_CHECKING:
    from pathlib import Path

RULES = foreign_tags.RULES
FIRST = '{{ first_name | default("...") }}'


@pytest.mark.parametrize(
    "tag",
    [
        "*|FNAME|*",
        "%%FIRSTNAME%%",
        "%%First Name%%",
        "%recipient.first_name%",
        "%FIRSTNAME%",
        "{first_name}",
        "{firstname}",
        "{firstname|friend}",
        "{contact.firstname}",
        "[[first_name]]",
        "-first_name-",
        "<%= first_name %>",
        "${first_name}",
        "$$first_name$$",
        "#{first_name}",
        "{$first_name}",
        "{!Contact.FirstName}",
        "[FIRSTNAME]",
        "[FIRSTNAME,fallback]",
        "[firstname,fallback=there]",
        "[subscriber:firstname | default:reader]",
        "@@FIRSTNAME@@",
        "##FIRSTNAME##",
        "«First_Name»",
    ],
)
def test_a_tag_of_another_program_is_told_with_ours(tmp_path: Path, tag: str) -> None:
    (one,) = problems(tmp_path, f"Words.\n\nDear {tag}, welcome.", RULES)
    assert (one.code, one.place.line, one.place.column) == ("foreign-merge-tag", 7, 6)
    assert tag in one.message
    assert FIRST in one.fix


@pytest.mark.parametrize(
    ("tag", "fix"),
    [
        ("*|UNSUB|*", "Remove it"),
        ("%unsubscribe_url%", "Remove it"),
        ("*|ARCHIVE|*", "Remove it"),
        ("*|LIST:COMPANY|*", "{{ newsletter.name }}"),
        ("*|CITTY|*", '{{ city | default("...") }}'),
        ("*|MMERGE7|*", "plain words"),
    ],
)
def test_the_fix_names_what_we_have_for_it(tmp_path: Path, tag: str, fix: str) -> None:
    (one,) = problems(tmp_path, f"Dear {tag}", RULES)
    assert fix in one.fix


def test_they_are_found_wherever_merge_tags_may_stand(tmp_path: Path) -> None:
    text = (
        "---\ntitle: Hips\nsubject: For *|FNAME|*\npreheader: 'Words for {first_name} and all'\nvariables:\n  a: '%FIRST_NAME%'\n---\n"
        '\n[Link](https://example.org/?n=*|FNAME|*)\n\n::: button href="https://example.org/?n=${name}"\n'
        "Words for %%NAME%%\n:::\n\n| *|AB|* | {b_c} |\n|---|---|\n| [[name]] | x |\n"
    )
    places = [(3, 14), (4, 23), (6, 7), (9, 31), (11, 41), (12, 11), (15, 3), (15, 12), (17, 3)]
    assert told(tmp_path, text, RULES) == [("foreign-merge-tag", *place) for place in places]


@pytest.mark.parametrize(
    "text",
    [
        "The set {2, 3}, [1], 50%-60%, 10% of 20%, $5 and $10, {a, b}, {x}, {red}, f(x)[3].",
        "[Name](https://example.org) and [email] and [the notes](https://example.org/%C3%A4%20b) and [see].",
        "`*|FNAME|*`, `{first_name}` and code:\n\n```\n${name} <%= x %>\n```\n\n    %%FIRSTNAME%%\n",
        '{{ first_name | default("{dear_reader}") }} and \\{{ literal }} and \\{first_name}',
        "A well-known-fact, a -5 and a -b-, the e-mail, **|x|**, |x| and 5*|x|*2.",
        "5%, 6% and 7%; a@example.org, @name, ##, C#, #tag, a##b.",
        "[@smith2014], [[1]](https://example.org), « Bonjour », <https://example.org/a_b>.",
    ],
)
def test_ordinary_text_is_left_alone(tmp_path: Path, text: str) -> None:
    assert told(tmp_path, text, RULES) == []
