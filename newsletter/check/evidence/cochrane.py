"""A "Cochrane review" in the text, and whether a reference is one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newsletter.model.reference import Reference

_REVIEW = re.compile(
    r"\bCochrane[ ](?:[a-z-]{3,15}[ ]){0,2}(?:review|meta-analysis|analysis|report)\b(?![ ](?:would|could|will|may|might|should)\b)"
)
#: the review is compared with what is cited, or cites it
_ANOTHER = re.compile(
    r"\b(?:included|part|cited|quoted|used|earlier|previous|former|older|later|than|like|unlike|replac\w+|since|until|before|after"
    r"|follow\w*|updat\w+|agrees?|confirm\w*|contradict\w*|no|not|his|her|their|besides?|apart)\b[^.;]{0,60}$",
    re.IGNORECASE,
)


def cochrane_review_in(words: str) -> tuple[int, str] | None:
    """Where a sentence names a Cochrane review as its source, and in which words."""
    match = _REVIEW.search(words)
    if not match or _ANOTHER.search(words[max(0, match.start() - 80) : match.start()]):
        return None
    return match.start(), match[0]


def is_of_cochrane(reference: Reference) -> bool:
    """Whether its journal, title or authors name Cochrane; other journals print such reviews too, and say so in the title."""
    names = [
        str(reference.csl.get(name) or "")
        for name in ("container-title", "container-title-short", "title", "publisher", "DOI")
    ]
    groups = [str(author.get("literal") or "") for author in reference.csl.get("author") or ()]
    return any("cochrane" in name.casefold() or "10.1002/14651858" in name for name in (*names, *groups))
