"""The first lines of `:::` blocks, judged by the table of kinds in model/blocks.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.model.audiences import read_audience
from newsletter.model.blocks import CHOICES, KINDS, Form
from newsletter.model.document import plain_words
from newsletter.model.moments import read_moment
from newsletter.model.shares import read_share
from newsletter.read.blocks import parse_block_line
from newsletter.read.links import image_mistake, link_mistake
from newsletter.validate import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from markdown_it.token import Token

    from newsletter.model.blocks import BlockKind
    from newsletter.model.document import Words
    from newsletter.model.problem import Place
    from newsletter.read.blocks import Attribute, BlockLine
    from newsletter.read.reading import Reading

Opened = tuple[str, "Mapping[str, Words]", "Mapping[str, Place]"]

#: how to read a form, what it is, how to write it
_FORMS: Mapping[Form, tuple[Callable[[str], object], str, str]] = {
    Form.MOMENT: (
        read_moment,
        "date",
        'Write year-month-day, and T before a time: {}="2026-12-01T18:00"; +01:00 behind it is another zone.',
    ),
    Form.SHARE: (read_share, "share of the width", 'Write a number, such as {0}="2" beside {0}="1", or {0}="60%".'),
    Form.AUDIENCE: (
        read_audience,
        "list of segments",
        'Write names of segments or lists in small letters, with commas between: {}="runners, walkers".',
    ),
}


class BlockReader:
    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    def opened(self, token: Token, around: str) -> Opened:
        """Name, attributes and their places of an opening line; the name is empty when there is no such block here.

        `around` is the name of the block that it stands in directly.
        """
        line = parse_block_line(token.content)
        at = self._reading.lines.at(token.meta["offset"])
        start = token.meta["rest"]
        for offset, what, fix in line.mistakes:
            self._reading.error("block-syntax", self._reading.lines.at(start + offset), what, fix)
        kind = KINDS.get(line.name)
        if kind is None:
            if line.name:
                self._reading.error("block-unknown", at, f"there is no block `{line.name[:40]}`", _which(line.name))
            return "", {}, {}
        attributes, places = self._attributes(line, start, kind)
        for name in kind.required:
            if name not in attributes:
                self._missing(name, kind, at)
        if kind.inside and kind.inside != around:
            what, fix = f"a `{kind.name}` stands only in `{kind.inside}`", f"Put `::: {kind.inside}` around it."
            if around in CHOICES:
                fix = f"Put `::: {around}` into the `{kind.name}`, around what stands there."
            self._reading.error("block-place", at, what, fix)
            return "", {}, {}
        return kind.name, attributes, places

    def _attributes(self, line: BlockLine, start: int, kind: BlockKind) -> tuple[dict[str, Words], dict[str, Place]]:
        attributes: dict[str, Words] = {}
        places: dict[str, Place] = {}
        for attribute in line.attributes:
            key, at = attribute.key, self._reading.lines.at(start + attribute.offset)
            if key in places:
                fix = "Keep one of the two."
                self._reading.error("block-duplicate-attribute", at, f"`{key}` stands here twice", fix)
            elif key not in kind.attributes:
                self._unknown(key, kind, at)
            else:
                places[key] = at
                attributes[key] = self._value(attribute, kind, at)
        return attributes, places

    def _value(self, attribute: Attribute, kind: BlockKind, at: Place) -> Words:
        key = attribute.key
        if key not in {"src", *kind.links}:
            value = self._reading.words(attribute.value)
            self._judge_choice(key, value, kind, at)
            self._judge_form(key, value, kind, at)
            self._judge_filled(key, value, kind, at)
            return value
        code, judge = ("image-source", image_mistake) if key == "src" else ("link-target", link_mistake)
        value, mistake = self._reading.address(attribute.value, judge)
        if mistake:
            self._reading.error(code, at, *mistake)
        return () if mistake else value

    def _judge_choice(self, key: str, value: Words, kind: BlockKind, at: Place) -> None:
        if key in kind.choices and (len(value) != 1 or value[0] not in kind.choices[key]):
            choices = " or ".join(f'{key}="{choice}"' for choice in kind.choices[key])
            what = f"`{plain_words(value)[:40]}` is no {key} of a `{kind.name}`"
            self._reading.error("block-attribute-value", at, what, f"Write {choices}.")

    def _judge_form(self, key: str, value: Words, kind: BlockKind, at: Place) -> None:
        if key in kind.forms:
            read, what, fix = _FORMS[kind.forms[key]]
            text = self._reading.constant(value, at, f"the {what} of a block")
            if all(isinstance(word, str) for word in value) and read(text) is None:
                message = f"`{text[:40]}` is no {what}" if text.strip() else f"`{key}` is empty"
                self._reading.error("block-attribute-value", at, message, fix.format(key))

    def _judge_filled(self, key: str, value: Words, kind: BlockKind, at: Place) -> None:
        """A required text has words in it; only `alt` says something by being empty."""
        filled = any(not isinstance(word, str) or word.strip() for word in value)
        if key in kind.required and key != "alt" and key not in kind.forms and not filled:
            message = f"the `{key}` of this `{kind.name}` is empty"
            self._reading.error("block-attribute-value", at, message, f'Write {key}="..." with words in it.')

    def _unknown(self, key: str, kind: BlockKind, at: Place) -> None:
        guess = nearest(key, kind.attributes)
        known = ", ".join(kind.attributes)
        fix = f"Did you mean `{guess}`?" if guess else f"It has: {known}." if known else "Remove it."
        self._reading.error("block-unknown-attribute", at, f"the block `{kind.name}` has no attribute `{key}`", fix)

    def _missing(self, name: str, kind: BlockKind, at: Place) -> None:
        fix = f'Add {name}="..." to the line.'
        if name == "alt":
            fix = 'Add alt="what the image shows"; alt="" if it is only decoration.'
        self._reading.error("block-missing-attribute", at, f"this `{kind.name}` lacks `{name}`", fix)


def _which(name: str) -> str:
    if name.startswith("{"):
        return 'Write the name without braces, and attributes as key="value": `::: callout title="..."`.'
    guess = nearest(name, KINDS)
    return f"Did you mean `{guess}`?" if guess else f"Blocks are: {', '.join(sorted(KINDS))}."
