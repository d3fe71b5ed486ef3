"""Which tag of the workspace's own templates an element of the mail was made by: for what has to be mended there."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from newsletter.check.own_templates import own_templates, text_of
from newsletter.model.problem import Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from newsletter.check.mail import Mail
    from newsletter.check.page import Element

_TAG = re.compile(r"<([a-z][a-z0-9]{0,15})\b((?:\{\{[^{}]*\}\}|\{%[^{}]*%\}|[^<>])*+)>", re.IGNORECASE)
#: attributes that a tag has under a condition only
_OPTIONAL = re.compile(r"\{%-?\s*if\b.*?\{%-?\s*endif\s*-?%\}", re.DOTALL)
_ATTRIBUTE = re.compile(r'([a-z:-]+)="((?:\{\{[^{}]*\}\}|[^"])*+)"', re.IGNORECASE)
_JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")
_SLOT = re.compile(r"\{\{\s*(\w+)\s*\}\}")


def place_of_tag(mail: Mail, element: Element, *, styled: bool = False) -> Place:
    """In the template, if it is one of the workspace's own; else where the author's words for it stand.

    `styled` asks for a tag with a style attribute of its own: other looks come from the style sheet.
    """
    best, place = -1, mail.place(element.offset)
    for path in own_templates(mail.issue, "*.html.j2"):
        if _is_other_layout(path, mail.issue.template):
            continue
        for attributes, at in _tags(text_of(path), str(path)).get(element.tag, ()):
            if styled and "style" not in attributes:
                continue
            if (score := _score(attributes, element, mail)) > best:
                best, place = score, at
    return place


def _is_other_layout(path: Path, template: str) -> bool:
    return path.parent.name == "email" and path.name not in {"base.html.j2", f"{template}.html.j2"}


@lru_cache(maxsize=64)
def _tags(text: str, file: str) -> Mapping[str, list[tuple[Mapping[str, str], Place]]]:
    """Of each kind of tag the attributes, as they are written, and the place."""
    found: dict[str, list[tuple[Mapping[str, str], Place]]] = {}
    line, counted = 1, 0
    for tag in _TAG.finditer(text):
        line += text.count("\n", counted, tag.start())
        counted = tag.start()
        attributes = {name.lower(): value for name, value in _ATTRIBUTE.findall(_OPTIONAL.sub("", tag[2]))}
        place = Place(file=file, line=line, column=tag.start() - text.rfind("\n", 0, tag.start()))
        found.setdefault(tag[1].lower(), []).append((attributes, place))
    return found


def _score(written: Mapping[str, str], element: Element, mail: Mail) -> int:
    """How many letters agree; -1 where something does not."""
    if not all(_agrees(name, value, element, mail) for name, value in written.items()):
        return -1
    if "class" in element.attributes and "class" not in written:
        return -1
    return sum(len(_JINJA.sub("", value)) + 1 for value in written.values())


def _agrees(name: str, written: str, element: Element, mail: Mail) -> bool:
    if name not in element.attributes:
        return False
    value = element.attributes[name]
    if name == "style":  # the style sheet's rules stand in it, too
        given = set(_declarations(value))
        return all("{" in one or one in given for one in _declarations(written))
    if slot := _SLOT.fullmatch(written.strip()):
        return not mail.slot(slot[1]) or value == mail.slot(slot[1])
    return all(piece in value for piece in _JINJA.split(written)) if "{" in written else value == written


def _declarations(style: str) -> Iterator[str]:
    return (re.sub(r"\s", "", one).lower() for one in style.split(";") if one.strip())
