"""Marks such as TODO, and merge tags of other programs, in what is no part of the issue: its disclaimers and the workspace's templates."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.check.own_templates import own_templates, text_of
from newsletter.check.rulebook import Finding, mail_rule
from newsletter.check.written.leftovers import LEFTOVER
from newsletter.check.written.prose import prose_pieces
from newsletter.model.problem import Level, Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.mail import Mail

#: the ends of what readers never see
_ENDS = {"<!--": "-->", "{#": "#}", "{{": "}}", "{%": "%}"}
_UNSEEN = re.compile(r"<!--|\{[#{%]|<[^<>]*>")
_FOREIGN = re.compile(r"\*\|[A-Z][A-Z0-9_:]{1,40}\|\*|%%[A-Za-z]\w{1,40}%%|\[\[[a-z_]{2,40}\]\]|\$\{[a-z_.]{2,40}\}")


@mail_rule("template-leftover", Level.WARNING)
def nothing_is_left_in_templates(mail: Mail) -> Iterator[Finding]:
    """A mark such as TODO, filler text or a merge tag of another program in a template or a disclaimer of your own.

    It stands in every mail that the template or the disclaimer makes. Write what is meant, or remove it. What stands in
    comments is not looked at; our merge tags are written `{{ newsletter }}` in templates, see the page about templates.

    Bad (templates/email/parts/masthead.html.j2):

        <p style="margin:0">Lorem ipsum dolor sit amet</p>

    Good (templates/email/parts/masthead.html.j2):

        <p style="margin:0">{{ newsletter }}</p>
    """
    for disclaimer in mail.disclaimers:
        for at, text in prose_pieces(disclaimer.body):
            if found := LEFTOVER.search(text):
                yield _finding(at, found[0])
    for path in (*own_templates(mail.issue, "*.html.j2"), *own_templates(mail.issue, "*.txt.j2")):
        for number, line in enumerate(_seen(text_of(path)).split("\n"), 1):
            if found := LEFTOVER.search(line) or _FOREIGN.search(line):
                yield _finding(Place(file=str(path), line=number, column=found.start() + 1), found[0])


def _finding(at: Place, mark: str) -> Finding:
    return Finding(
        at=at, message=f'"{mark}" was left here, and every reader sees it', fix="Write what is meant, or remove it."
    )


def _seen(text: str) -> str:
    """What readers do not see is blank. An end that is not there is looked for once only, so that the time stays in proportion."""
    pieces: list[str] = []
    missing: set[str] = set()
    done = at = 0
    while found := _UNSEEN.search(text, at):
        end = _end(text, found, missing)
        if end > 0:
            pieces += [text[done : found.start()], re.sub(r"[^\n]", " ", text[found.start() : end])]
            done = end
        at = max(end, found.end())
    return "".join([*pieces, text[done:]])


def _end(text: str, opened: re.Match[str], missing: set[str]) -> int:
    """Where it ends; 0 where it never does, which is kept in `missing`."""
    end = _ENDS.get(opened[0])
    if end is None:
        return opened.end()  # a whole tag
    where = -1 if end in missing else text.find(end, opened.end())
    if where < 0:
        missing.add(end)
        return 0
    return where + len(end)


RULES = (nothing_is_left_in_templates,)
