"""Is this a file of people who must not be mailed, on its way to become subscribed? Its name or its shape tells.

`suppression_spam_reports.csv` has nothing but addresses and days: nothing in a row says that it is a complaint.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.subscribers.columns.headings import word_of

if TYPE_CHECKING:
    from collections.abc import Sequence

#: SendGrid's bounces and blocks, and its invalid addresses
_SHAPES = ({"status", "reason", "email", "created"}, {"reason", "email", "created"})
#: at the beginning of a word of the name
_NAME = re.compile(
    r"(?:^|_)(?:suppress|unsub|asm_groups?_|bounce|hardbounce|complain|spam|blocks?_|blocked|blocklist|blacklist|invalid|optout|"
    r"opt_out|opted_out|abmeld|abgemeld|abbestell|gesperrt|bajas?_|desuscri|desabonn|desinscri|disiscri|uitgeschreven|afgemeld|"
    r"descadastr)"
)


def refuse_who_left(name: str, headings: Sequence[str], *, says_status: bool) -> None:
    """`says_status`: something in the file or on the command line says how its people stand.

    Raises:
        ValueError: it looks like such a file; the message says what to do.
    """
    words = {word_of(heading) for heading in headings}
    if words in _SHAPES or (not says_status and _NAME.search(f"{word_of(name)}_")):
        raise ValueError(
            "it looks like a table of people who must not be mailed (left, bounced or complained), and nobody in it becomes "
            "subscribed by mistake: newsletter suppressions import FILE for those who want no mail at all or cannot get "
            'any, --map "*=unsubscribed" here for those who left this list; if all of them do want your mail: --format plain'
        )
