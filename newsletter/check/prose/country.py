"""British and American spelling in one issue, or the one of them that its language is not."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.check.prose.british import ends_in_ise, ends_in_ize, is_american, is_british
from newsletter.check.prose.languages import english
from newsletter.check.prose.runs import every_run
from newsletter.check.rulebook import Finding, issue_rule
from newsletter.model.problem import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.prose.runs import Run
    from newsletter.check.rulebook import Content

#: words in small letters: one with a capital may be a name
_WORD = re.compile(r"(?<![\w@/.#’'])[a-z]{4,30}(?![\w@/]|\.\w)")
#: where they write as Britons do; Canadians write as both do, and are not asked
_BRITISH = frozenset({"GB", "UK", "IE", "AU", "NZ", "ZA", "IN"})
_AMERICAN = frozenset({"US", "PH"})
_BOTH = frozenset({"CA"})
#: American surgeons and their academy write it so, too
_ALSO_OURS = "orthopaed"

_Words = list[tuple["Run", "re.Match[str]"]]


@issue_rule("english-mixed", Level.INFORMATION)
def english_is_of_one_country(content: Content) -> Iterator[Finding]:
    """British and American spelling in one issue.

    "Orthopaedic" and "color" do not come from one pen. Where the language is `en-GB` or `en-US`, every word of the other kind
    is told; where it is `en`, the rarer kind. Names, quotations and references are not looked at. "Organize" is told in a
    British issue only beside words such as "organise": some Britons write it so. Canadian English (`en-CA`) is both.

    Bad:

        Our orthopaedic surgeons look at the color of the skin and at its behavior when pressed.

    Good:

        Our orthopedic surgeons look at the color of the skin and at its behavior when pressed.
    """
    region = content.issue.language.replace("_", "-").upper().split("-")[-1]
    if not english(content) or region in _BOTH:
        return
    british, american = _sorted(content, says_ize=region in _BRITISH)
    if region in _AMERICAN:
        theirs = [one for one in british if not one[1][0].startswith(_ALSO_OURS)]
        yield from _told(theirs, "is British spelling, and the issue is in American English")
    elif region in _BRITISH:
        yield from _told(american, "is American spelling, and the issue is in British English")
    elif british and american:
        fewer, kind, other = (
            (british, "British", american) if len(british) < len(american) else (american, "American", british)
        )
        yield from _told(fewer, f'is {kind} spelling, "{other[0][1][0]}" elsewhere is not')


def _sorted(content: Content, *, says_ize: bool) -> tuple[_Words, _Words]:
    """The words that only Britons write, and those that only Americans do."""
    british: _Words = []
    american: _Words = []
    in_ize: _Words = []
    for run in every_run(content):
        for found in _WORD.finditer(run.text):
            kind = british if is_british(found[0]) else american if is_american(found[0]) else None
            if kind is None and ends_in_ize(found[0]):
                kind = in_ize
            if kind is not None and not run.is_quoted(found.start()):
                kind.append((run, found))
    if not says_ize or any(ends_in_ise(found[0]) for _, found in british):
        american += in_ize
    return british, american


def _told(words: _Words, what: str) -> Iterator[Finding]:
    told: set[str] = set()
    for run, found in words:
        if found[0] not in told:
            told.add(found[0])
            fix = "Write it as everywhere else in this issue, and set `language` to the English that you write."
            yield Finding(at=run.place(found.start()), message=f'"{found[0]}" {what}', fix=fix)


RULES = (english_is_of_one_country,)
