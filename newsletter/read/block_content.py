"""What stands in a `:::` block, judged by its kind: one paragraph, columns, a table, links, nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from newsletter.model.blocks import CHOICES, KINDS, Content
from newsletter.model.document import Link, List, Paragraph, Table, TypedBlock, every_inline

if TYPE_CHECKING:
    from newsletter.model.document import Block, Blocks, ListItem
    from newsletter.model.problem import Place
    from newsletter.read.reading import Reading

MOST_COLUMNS = 4


class ContentJudge:
    """Judges the blocks of one body as they are closed."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    def judged(self, block: TypedBlock) -> Blocks:
        """The block; or what stands in it, where its kind cannot show that."""
        kind = KINDS[block.name]
        match kind.content:
            case Content.LABEL:
                self._judge_label(block)
            case Content.MARKDOWN if not block.blocks:
                self._tell_empty(block)
            case Content.COLUMNS:
                return self._judged_columns(block)
            case Content.TABLE:
                return self._judged_table(block)
            case Content.LINKS:
                self._judge_links(block)
            case Content.NOTHING:
                return self._judged_nothing(block)
        return (block,)

    def _error(self, at: Place, what: str, fix: str) -> None:
        self._reading.error("block-content", at, what, fix)

    def _tell_empty(self, block: TypedBlock) -> None:
        what = f"there is nothing in this `{block.name}`"
        self._reading.warning("block-empty", block.at, what, "Write something between its lines, or remove it.")

    def _judge_label(self, block: TypedBlock) -> None:
        if any(not isinstance(inner, Paragraph) for inner in block.blocks) or len(block.blocks) > 1:
            what = f"a `{block.name}` holds one paragraph of text, nothing else"
            self._error(block.at, what, _around(block) or "Move the rest below the closing `:::`.")
        link = next((inline for inline in every_inline(block.blocks) if isinstance(inline, Link)), None)
        if link and block.name == "button":
            self._error(
                link.at, "a link stands in the label of this button, which is a link itself", "Keep its words only."
            )
        if not block.blocks and block.name == "button":
            fix = "Write its label between the two lines."
            self._reading.error("block-empty", block.at, "this button has no label", fix)

    def _judged_columns(self, block: TypedBlock) -> Blocks:
        strays = [inner for inner in block.blocks if not _is_column(inner)]
        for stray in strays:
            fix = "Put it into a `::: column`, or out of the `columns`."
            if isinstance(stray, TypedBlock) and stray.name in CHOICES:
                fix = f"Put `::: {stray.name}` into a `column`, around what stands there, or around all `columns`."
            self._error(stray.at, "this stands between columns; `columns` holds only `column` blocks", fix)
        if not strays and not 2 <= len(block.blocks) <= MOST_COLUMNS:
            what = f"these `columns` have {len(block.blocks) or 'no'} column{'s' * (len(block.blocks) != 1)}"
            self._error(block.at, what, f"Write 2 to {MOST_COLUMNS} blocks `::: column` in them.")
        return _without_columns(block.blocks) if strays else (block,)

    def _judged_table(self, block: TypedBlock) -> Blocks:
        if len(block.blocks) == 1 and isinstance(block.blocks[0], Table):
            return (block,)
        other = next((inner for inner in block.blocks if not isinstance(inner, Table)), block)
        fix = "Write a header row, a row of hyphens and the rows; other text stands before or behind the block."
        self._error(other.at, "a `table` holds one Markdown table, nothing else", _around(block) or fix)
        return block.blocks

    def _judge_links(self, block: TypedBlock) -> None:
        fix = "Write a list: - [words](https://example.org), each point beginning with a link."
        if not block.blocks:
            self._error(block.at, f"there are no links in this `{block.name}`", fix)
        if len(block.blocks) > 1 or any(not isinstance(inner, List) for inner in block.blocks):
            self._error(block.at, f"a `{block.name}` holds one list of links, nothing else", _around(block) or fix)
            return
        for item in (item for inner in block.blocks if isinstance(inner, List) for item in inner.items):
            if not _begins_with_link(item):
                self._error(item.at, f"this point of a `{block.name}` does not begin with a link", fix)

    def _judged_nothing(self, block: TypedBlock) -> Blocks:
        if block.blocks:
            what = f"a `{block.name}` is made by itself; what stands in it is not shown there"
            self._error(block.blocks[0].at, what, "Move it below the closing `:::`.")
        return replace(block, blocks=()), *block.blocks


def _around(block: TypedBlock) -> str:
    """What to do with an `only` in a block that can be shown as a whole only; empty where there is none."""
    inside = (inner.name for inner in block.blocks if isinstance(inner, TypedBlock) and inner.name in CHOICES)
    name = next(inside, "")
    return f"Put `::: {name}` around the whole `{block.name}`, and write one for the other readers." if name else ""


def _is_column(block: Block) -> bool:
    return isinstance(block, TypedBlock) and block.name == "column"


def _without_columns(blocks: Blocks) -> Blocks:
    """The content of columns and what stands between them, in order."""
    return tuple(
        inner
        for block in blocks
        for inner in (block.blocks if isinstance(block, TypedBlock) and _is_column(block) else (block,))
    )


def _begins_with_link(item: ListItem) -> bool:
    if len(item.blocks) != 1 or not isinstance(item.blocks[0], Paragraph):
        return False
    return isinstance(item.blocks[0].content[0], Link)
