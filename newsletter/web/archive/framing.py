"""A sent mail's HTML -> the same page with something of ours put in: nothing that stands there is changed or left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsletter.web.preview.html_tokens import EndTag, StartTag, Text, tokens

if TYPE_CHECKING:
    from newsletter.web.preview.html_tokens import Token


@dataclass(frozen=True, kw_only=True)
class Frame:
    """HTML of ours: at the end of the head, at the beginning of the body, and at its end."""

    head: str = ""
    above: str = ""
    below: str = ""

    def around(self, html: str) -> str:
        places = _places(html)
        parts = (
            html[: places.head],
            self.head,
            html[places.head : places.begin],
            self.above,
            html[places.begin : places.end],
            self.below,
            html[places.end :],
        )
        return "".join(parts)


@dataclass(frozen=True, kw_only=True)
class _Places:
    """Offsets, in this order."""

    head: int
    begin: int
    end: int


def _places(html: str) -> _Places:
    """Where a page's head ends, and where its body begins and ends; without their tags, where a browser would put them."""
    at = start = 0
    head: int | None = None
    body: int | None = None
    end = len(html)
    before_content = True
    for token in tokens(html):
        if isinstance(token, StartTag) and token.name == "body" and body is None:
            head, body = at if head is None else head, at + len(token.source)
        elif isinstance(token, EndTag) and token.name == "head" and head is None and body is None:
            head = at
        elif isinstance(token, EndTag) and token.name in {"body", "html"} and end == len(html):
            end = at
        at += len(token.source)
        before_content = before_content and _opens_the_page(token)
        start = at if before_content else start
    head = start if head is None else head
    body = head if body is None else body
    return _Places(head=head, begin=body, end=max(end, body))


def _opens_the_page(token: Token) -> bool:
    """The doctype, comments, space, and the tag of the page itself."""
    if isinstance(token, StartTag):
        return token.name == "html"
    return isinstance(token, Text) and (token.silent or not token.source.strip())


def first_picture(html: str) -> str:
    """The address of the first picture that is no logo, of the logo where there is no other; "" where there is none."""
    found = [
        token
        for token in tokens(html)
        if isinstance(token, StartTag) and token.name == "img" and token.get("src").startswith(("https://", "http://"))
    ]
    own = [tag for tag in found if "logo" not in tag.get("class").split()]
    return next((tag.get("src") for tag in (*own, *found)), "")
