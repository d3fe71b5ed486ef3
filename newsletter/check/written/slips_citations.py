"""Citations that are nearly right, so that readers see their signs: `[smith2020]`, `[@ smith2020]`, `[@smith2020` without an end, `[1]`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.check.rulebook import Finding, issue_rule
from newsletter.check.written.typed_text import typed_text
from newsletter.model.problem import Level

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from newsletter.check.rulebook import Content

_FORM = "Write [@key], with the key of the source; several as [@one; @two, p. 4]."
_NOT_A_LINK = r"(?![\[(:])"
_KEY = re.compile(rf"(?<![\\\]!])\[([^\W\d_][\w:.-]{{1,60}})\]{_NOT_A_LINK}")
#: what reference managers make: a name and a year
_NAMED = re.compile(r"[^\W\d_]{2,40}[-_:]?(?:19|20)\d\d[a-z]?")
_OPEN = re.compile(r"(?<!\\)\[-?@\w(?:[^\[\]]|\[[^\[\]]*\])*+")
_APART = re.compile(r"(?<!\\)\[-?@[ \t]{1,5}\w[^\[\]\n]{0,80}\]|\{-?@\w[\w:./-]{0,80}\}")
_LATEX = re.compile(r"\\(?:cite|citep|citet|autocite|footcite)\{[^{}\n]{1,100}\}")
_NUMBERED = re.compile(rf"(?<=[\w.,;!?)”\"*])[ \u00a0]?(\[\d{{1,2}}(?:[,–-] ?\d{{1,2}}){{0,5}}\]){_NOT_A_LINK}")
_CITED = re.compile(r"@[\w:.#/+-]+$")
_FENCE = re.compile(r"^[> \t]{0,40}:::.*$", re.MULTILINE)
_IN_ATTRIBUTE = re.compile(r"(?<!\\)\[[^\[\]\n\"]{0,80}@\w[^\[\]\n\"]{0,80}\]")


@issue_rule("citation-not-read", Level.WARNING)
def citations_are_read(content: Content) -> Iterator[Finding]:
    """A citation that is nearly right, so that readers see its signs and no number.

    A citation is a key with @ in square brackets: `[@smith2020]`. Without the @, without the closing bracket, with a space
    behind the @ or with a number that you give yourself it stays what it is, and the list of references may lack its
    source. Attributes of blocks are plain text and hold no citations.

    Bad:

        ---
        title: Walking after a knee operation
        preheader: How far, how often, and when to stop and call us
        references: refs.json
        ---

        Walking early helps [@ok2020], and so do stairs [ok2020].

        Rest does not [@ok2021.

    Good:

        ---
        title: Walking after a knee operation
        preheader: How far, how often, and when to stop and call us
        references: refs.json
        ---

        Walking early helps [@ok2020], and so do stairs [@ok2020].

        Rest does not [@ok2021].
    """
    if not content.references:
        return
    keys = {reference.key for reference in content.references}
    typed = typed_text(content)
    for begin, words in typed.runs():
        if "[" in words or "{" in words:
            for offset, message, fix in sorted(_slips(words, lambda key: key in keys or bool(_NAMED.fullmatch(key)))):
                yield Finding(at=typed.at(begin + offset), message=message, fix=fix)


def _slips(words: str, is_key: Callable[[str], bool]) -> Iterator[tuple[int, str, str]]:
    for fence in _FENCE.finditer(words):
        for found in _IN_ATTRIBUTE.finditer(words, *fence.span()):
            message = f"a citation cannot stand in an attribute: {found[0]}"
            yield found.start(), message, "Move it into the text of the block."
    # the text of a block may stand directly below its first line
    words = _FENCE.sub(lambda fence: " " * len(fence[0]), words)
    for found in _KEY.finditer(words):
        if is_key(found[1]):
            yield found.start(), f"{found[0]} is no citation, since the @ is missing", f"Write [@{found[1]}]."
    for found in _OPEN.finditer(words):
        if not words.startswith("]", found.end()):
            yield found.start(), f"this citation has no closing bracket: {found[0][:30]}", "Write ] behind the key."
    for found in (*_APART.finditer(words), *_LATEX.finditer(words)):
        yield found.start(), f"{found[0]} is no citation, so readers see it as it stands", _FORM
    for found in _NUMBERED.finditer(words):
        if _CITED.search(words, max(0, found.start() - 80), found.start()):
            continue  # a locator: @smith2014 [12]
        message = f"{found[1]} is a number of your own; the sources get theirs by themselves"
        yield found.start(1), message, _FORM


RULES = (citations_are_read,)
