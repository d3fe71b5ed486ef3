"""The docstring of a rule -> its page: what is wrong, why it matters and what to do, an example of it and one without.

An address that begins with http.            <- the title

Why it matters, in paragraphs of Markdown.

Bad:

the example, indented by four more spaces

Good (newsletter.toml):

several parts with names of files make one example; a part without a name is the issue
"""

from __future__ import annotations

import inspect
import re
import textwrap
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsletter.check.rulebook import Rule

ISSUE = "issue.md"
_PART = re.compile(r"^(Bad|Good)(?: \(([^()]+)\))?:$", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class RulePage:
    """`bad` and `good` are the files of an example by name; a page without examples has none."""

    title: str
    why: str
    bad: Mapping[str, str] = field(default_factory=dict)
    good: Mapping[str, str] = field(default_factory=dict)


def page_of(rule: Rule[Any]) -> RulePage:
    text = inspect.cleandoc(rule.page)
    words, *parts = _PART.split(text)
    title, _, why = words.partition("\n")
    examples: dict[str, dict[str, str]] = {"Bad": {}, "Good": {}}
    for kind, name, example in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
        examples[kind][name or ISSUE] = textwrap.dedent(example).strip("\n") + "\n"
    return RulePage(title=title.rstrip("."), why=why.strip(), bad=examples["Bad"], good=examples["Good"])
