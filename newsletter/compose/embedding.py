"""The images of a letter inside its mail: `cid:` addresses in the HTML, and a part for each (RFC 2387, RFC 2392).

An image counts as shown where the HTML has its whole address, as rendering wrote it, in anything but a link.
"""

from __future__ import annotations

import base64
import re
from html import escape
from typing import TYPE_CHECKING

from newsletter.compose.carrying import wire_domain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.model.letter import Letter
    from newsletter.model.rendered import ImageFile, Parts

#: octets that fill a row of 76 characters of base64
_ROW = 57


def embedded(letter: Letter) -> tuple[Parts, tuple[ImageFile, ...]]:
    """The HTML with `cid:` addresses, and the images that it shows, in their order; nothing changes where it shows none."""
    html, files = letter.rendered.html, {picture.name: picture for picture in letter.pictures}
    if not (files and letter.pictures_url):
        return html, ()
    pattern = _addresses(letter.pictures_url, list(files))
    shown = dict.fromkeys(found[1] for part in html if isinstance(part, str) for found in pattern.finditer(part))
    cids = {name: f"cid:{content_id(name, letter)}" for name in shown}
    parts = tuple(pattern.sub(lambda found: cids[found[1]], part) if isinstance(part, str) else part for part in html)
    return parts, tuple(files[name] for name in shown)


def content_id(name: str, letter: Letter) -> str:
    return f"{name}@{wire_domain(letter.domain)}"


def _addresses(before: str, names: Sequence[str]) -> re.Pattern[str]:
    """Matches the address of each image, in the characters that HTML writes it in; the name is its group."""
    spelled = escape(before).encode("ascii", "xmlcharrefreplace").decode()
    either = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    return re.compile(rf"(?<!href=[\"\'])(?:{re.escape(before)}|{re.escape(spelled)})({either})(?![\w.-])")


def image_part(picture: ImageFile, letter: Letter) -> bytes:
    """Head and content of one part, without the line break that belongs to the next boundary."""
    content = picture.content
    rows = (content[at : at + _ROW] for at in range(0, len(content), _ROW))
    head = (
        f"Content-Type: {picture.media_type}\r\n"
        "Content-Transfer-Encoding: base64\r\n"
        f"Content-ID: <{content_id(picture.name, letter)}>\r\n"
        f'Content-Disposition: inline; filename="{picture.name}"\r\n\r\n'
    )
    return head.encode() + b"\r\n".join(base64.b64encode(row) for row in rows)
