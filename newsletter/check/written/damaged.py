"""Text that was converted wrongly on its way into the file: `Ã¼` for ü, `â€™` for an apostrophe, question marks in a box, `&amp;nbsp;`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.check.rulebook import Finding, issue_rule
from newsletter.check.written.typed_text import typed_text
from newsletter.model.problem import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.rulebook import Content

#: UTF-8 that was read as Windows-1252; without what may follow a real Ã or Â, such as a closing quotation mark
_MISREAD = re.compile(r"Ã[¡-º¼-¿\u00adŸœ„‰]|Â[\u00a0¡§©«®°±´·¿]|â€[^\s\w]?|\ufffd")
_ENTITY = (
    r"(?:amp|nbsp|quot|apos|lt|gt|shy|[aouAOU]uml|szlig|[lr]squo|[lr]dquo|[nm]dash|hellip|#\d{2,5}|#x[0-9a-f]{2,4});"
)
#: in the text one step of it is undone; in the front matter none
_TWICE = re.compile(rf"&amp;{_ENTITY}")
_ONCE = re.compile(rf"&{_ENTITY}")
_RETYPE = "Type the characters anew; if there are many, save the text that you copied from as UTF-8 and copy it again."


@issue_rule("text-damaged", Level.WARNING)
def text_is_whole(content: Content) -> Iterator[Finding]:
    """Letters that were damaged when the text was copied or converted.

    `fÃ¼r` for "für", `donâ€™t` for "don't", a question mark in a black box, `&amp;nbsp;` for a space: the text went through
    a program that took its characters for others. Readers see the damage as it stands. Type the letters anew, or copy the
    text again from where it was right. What stands in code is not looked at.

    Bad:

        Please donâ€™t run before the first visit.

    Good:

        Please don’t run before the first visit.
    """
    typed = typed_text(content)
    front = zip(typed.starts[: typed.first_line], content.source.split("\n")[: typed.first_line], strict=True)
    for in_front, lines in ((True, front), (False, typed.lines())):
        for start, line in lines:
            entities = _ONCE if in_front else _TWICE
            if found := min(filter(None, (_MISREAD.search(line), entities.search(line))), key=_begin, default=None):
                yield Finding(at=typed.at(start + found.start()), message=_message(found), fix=_fix(found))


def _begin(found: re.Match[str]) -> int:
    return found.start()


def _message(found: re.Match[str]) -> str:
    line = found.string
    return f'characters are damaged here: "{line[max(0, found.start() - 20) : found.end() + 20].strip()}"'


def _fix(found: re.Match[str]) -> str:
    return "Write the character that is meant." if found[0].startswith("&") else _RETYPE


RULES = (text_is_whole,)
