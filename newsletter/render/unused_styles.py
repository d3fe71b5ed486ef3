"""Style rules for classes that stand nowhere in the mail, and comments -> left out, before inlining: most of a stylesheet is
about blocks that an issue does not have, and Gmail counts every byte.
"""

from __future__ import annotations

import re

_STYLE = re.compile(r"(<style[^>]*>)(.*?)(</style>)", re.DOTALL)
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
#: a plain rule; an @media holds braces itself, and what follows an @ directly is no selector
_RULE = re.compile(r"(?:(?<=[\s{};])|^)\s*([^{}@;]+)\{([^{}]*)\}")
#: between selectors, not within `:is(...)` or `[...]`
_COMMA = re.compile(r",(?![^()\[\]]*[)\]])")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_CLASS = re.compile(r"\.(-?[A-Za-z_][\w-]*)")
_GIVEN = re.compile(r'\sclass="([^"]*)"')
#: classes that mail programs add themselves, which styles use to find out where they are
_OF_MAIL_PROGRAMS = re.compile(
    r"moz-|mso|external|readmsg|word|gmail|yahoo|yshortcuts|aol|owa|x_|appl|ios|is-", re.IGNORECASE
)


def without_unused_styles(html: str) -> str:
    """The same looks in fewer bytes."""
    body = html[html.find("<body") :]
    given = {name for names in _GIVEN.findall(body) for name in names.split()}
    return _STYLE.sub(lambda style: f"{style[1]}{_used(style[2], given)}{style[3]}", html)


def _used(css: str, given: set[str]) -> str:
    def kept(rule: re.Match[str]) -> str:
        selectors = [one.strip() for one in _COMMA.split(rule[1]) if _can_match(one, given)]
        return f"\n{','.join(selectors)}{{{rule[2]}}}" if selectors else ""

    return _RULE.sub(kept, _COMMENT.sub("", css))


def _can_match(selector: str, given: set[str]) -> bool:
    """What stands in brackets, as in `:not(.gone)`, is not looked at."""
    names = _CLASS.findall(_BRACKETS.sub("", selector))
    return all(name in given or _OF_MAIL_PROGRAMS.match(name) for name in names)
