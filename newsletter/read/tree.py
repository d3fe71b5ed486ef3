"""Block tokens of markdown-it -> the tree of model/document.py. One pass with a stack, so that depth costs no recursion."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newsletter.model.document import (
    Align,
    BlockQuote,
    CodeBlock,
    Divider,
    Heading,
    List,
    ListItem,
    Paragraph,
    Table,
    TypedBlock,
    plain_text,
)
from newsletter.read.anchors import Anchors
from newsletter.read.block_content import ContentJudge
from newsletter.read.figures import lone_image
from newsletter.read.inlines import InlineReader
from newsletter.read.markdown import DEEPEST
from newsletter.read.places import InlinePlaces
from newsletter.read.typed_blocks import BlockReader

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from markdown_it.token import Token

    from newsletter.model.document import Block, Blocks, Inlines, Words
    from newsletter.model.problem import Place
    from newsletter.read.reading import Reading


@dataclass
class _Open:
    """A list, item, quote or typed block that is not closed yet. A `flat` one is nested too deeply to become a node."""

    kind: str
    at: Place
    blocks: list[Block] = field(default_factory=list)
    items: list[ListItem] = field(default_factory=list)
    start: int | None = None
    tight: bool = True
    flat: bool = False
    #: how many lists, quotes and blocks it stands in, itself included
    depth: int = 0
    name: str = ""
    attributes: Mapping[str, Words] = field(default_factory=dict)
    places: Mapping[str, Place] = field(default_factory=dict)


class TreeReader:
    """Reads the tokens of one body."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._lines = reading.lines
        self._inlines = InlineReader(reading)
        self._typed = BlockReader(reading)
        self._content = ContentJudge(reading)
        self._anchors = Anchors()
        self._level = 1
        self._stack: list[_Open] = []

    def read(self, tokens: Sequence[Token]) -> Blocks:
        root = _Open("root", self._lines.line_start(0))
        self._stack = [root]
        table: list[Token] = []
        for index, token in enumerate(tokens):
            if table or token.type == "table_open":
                table.append(token)
                if token.type == "table_close":
                    self._add(self._table(table))
                    table = []
            elif token.nesting < 0 or token.nesting > 0:
                self._container(token)
            else:
                self._leaf(token, tokens[index - 1] if index else token)
        self._end_typed_blocks()
        return tuple(root.blocks)

    def _at(self, token: Token) -> Place:
        return self._lines.line_start(token.map[0] if token.map else 0)

    def _add(self, block: Block) -> None:
        self._stack[-1].blocks.append(block)

    # -- containers -------------------------------------------------------

    def _container(self, token: Token) -> None:
        match token.type:
            case "bullet_list_open" | "ordered_list_open" | "blockquote_open" | "list_item_open":
                self._open(token)
            case "bullet_list_close" | "ordered_list_close" | "blockquote_close" | "list_item_close":
                self._end_typed_blocks()
                self._close()
            case "paragraph_open" if not token.hidden and self._stack[-1].kind == "item":
                self._stack[-2].tight = False

    def _open(self, token: Token) -> None:
        at = self._at(token)
        match token.type:
            case "list_item_open":
                self._stack.append(_Open("item", at, flat=self._stack[-1].flat, depth=self._stack[-1].depth))
                return
            case "blockquote_open":
                opened = _Open("quote", at)
            case "bullet_list_open":
                opened = _Open("list", at)
            case _:
                opened = _Open("list", at, start=int(token.attrs.get("start", 1)))
        self._push(opened)

    def _push(self, opened: _Open) -> None:
        opened.depth = self._stack[-1].depth + 1
        if opened.depth > DEEPEST:
            self._reading.too_deep(opened.at)
            opened.flat = True
        self._stack.append(opened)

    def _close(self) -> None:
        closed = self._stack.pop()
        above = self._stack[-1]
        if closed.flat:
            above.blocks.extend(closed.blocks)
            return
        match closed.kind:
            case "item":
                above.items.append(ListItem(blocks=tuple(closed.blocks), at=closed.at))
            case "list":
                items = tuple(closed.items)
                self._add(List(items=items, at=closed.at, start=closed.start, tight=closed.tight))
            case "quote":
                self._add(BlockQuote(blocks=tuple(closed.blocks), at=closed.at))
            case _:
                above.blocks.extend(self._content.judged(_typed_block(closed)))

    # -- typed blocks -----------------------------------------------------

    def _open_typed(self, token: Token) -> None:
        name, attributes, places = self._typed.opened(token, self._stack[-1].name)
        at = self._lines.at(token.meta["offset"])
        opened = _Open("typed", at, name=name, attributes=attributes, places=places)
        self._push(opened)
        # the words of a block that does not exist are kept without it
        opened.flat = opened.flat or not name

    def _close_typed(self, token: Token) -> None:
        if self._stack[-1].kind == "typed":
            self._close()
            return
        at = self._lines.at(token.meta["offset"])
        what = "this line closes a block, but none is open here"
        fix = "Remove it, or put it into the list item or quote in which the block was opened."
        self._reading.error("block-stray-fence", at, what, fix)

    def _end_typed_blocks(self) -> None:
        while self._stack[-1].kind == "typed":
            opened = self._stack[-1]
            name = f"`{opened.name}`" if opened.name else "that starts here"
            what = f"the block {name} is not closed"
            self._reading.error("block-unclosed", opened.at, what, "Add a line `:::` where it ends.")
            self._close()

    # -- leaves -----------------------------------------------------------

    def _leaf(self, token: Token, before: Token) -> None:
        match token.type:
            case "inline" if before.type == "heading_open":
                self._heading(token, before)
            case "inline":
                self._paragraph(token)
            case "hr":
                self._add(Divider(at=self._at(token)))
            case "fence" | "code_block":
                self._code(token)
            case "block_fence_open":
                self._open_typed(token)
            case "block_fence_close":
                self._close_typed(token)

    def _places(self, token: Token, cell_from: int | None = None) -> InlinePlaces:
        return InlinePlaces(self._lines, token.content, token.map[0] if token.map else 0, cell_from)

    def _paragraph(self, token: Token) -> None:
        places = self._places(token)
        if figure := lone_image(token.children or [], places, self._reading, self._inlines):
            self._add(figure)
        elif content := self._inlines.read(token.children or [], places):
            self._add(Paragraph(content=content, at=places.at(0)))

    def _heading(self, token: Token, before: Token) -> None:
        at = self._at(before)
        content = self._inlines.read(token.children or [], self._places(token))
        if not content:
            self._reading.warning("heading-empty", at, "this heading has no words", "Write some, or remove the line.")
            return
        level = self._heading_level(before, at)
        self._add(Heading(level=level, content=content, anchor=self._anchors.of(plain_text(content)), at=at))

    def _heading_level(self, before: Token, at: Place) -> int:
        level = int(before.tag[1])
        if level == 1:
            fix = "Use ## for the headings of the text."
            self._reading.error("heading-level", at, "the title of the issue is the only heading of level 1", fix)
        elif before.markup == "-":
            what = "the hyphens below turn these words into a heading"
            fix = "If it is one, write ## in front; if you want a divider, put an empty line above the hyphens."
            self._reading.warning("heading-underlined", at, what, fix)
        level = max(level, 2)
        if level > self._level + 1:
            what = f"this heading has level {level}, but the one above has level {self._level}"
            fix = f"Use {'#' * (self._level + 1)}; screen readers announce the levels."
            self._reading.warning("heading-skip", at, what, fix)
        self._level = level
        return level

    def _code(self, token: Token) -> None:
        at = self._at(token)
        if token.type == "fence" and token.map and not self._is_closed(token):
            what = "this code is not closed, so everything below it is code"
            self._reading.warning("code-unclosed", at, what, f"Add a line {token.markup} where it ends.")
        self._add(CodeBlock(text=self._reading.mask.restore(token.content), at=at))

    def _is_closed(self, token: Token) -> bool:
        first, after = token.map or (0, 0)
        return after - first > 1 and self._lines.line(after - 1).rstrip().endswith(token.markup)

    # -- tables -----------------------------------------------------------

    def _table(self, tokens: Sequence[Token]) -> Table:
        rows: list[list[Inlines]] = []
        align: list[Align | None] = []
        cursor = 0
        for token in tokens:
            if token.type == "tr_open":
                rows.append([])
                cursor = 0
            elif token.type == "th_open":
                style = str(token.attrs.get("style", "")).removeprefix("text-align:")
                align.append(Align(style) if style else None)
            elif token.type == "inline":
                places = self._places(token, cursor)
                rows[-1].append(self._inlines.read(token.children or [], places))
                cursor = places.end_of_cell
            elif token.type == "tr_close":
                self._tell_cells(tokens, cursor, len(rows), len(rows[0]))
        header, *body = (tuple(row) for row in rows)
        return Table(header=header, rows=tuple(body), align=tuple(align), at=self._at(tokens[0]))

    def _tell_cells(self, tokens: Sequence[Token], cursor: int, rows: int, columns: int) -> None:
        """Markdown drops the cells that a row has beyond its header, and leaves those empty that it lacks."""
        first = tokens[0].map[0] if tokens[0].map else 0
        index = first if rows == 1 else first + rows
        rest = self._lines.line(index)[cursor:]
        if rest.strip(" \t|\\"):
            what = "this row has more cells than the header of its table, so words would be lost"
            fix = "Add a column to the header, or write \\| for a bar within a cell."
            self._reading.error("table-cells", self._lines.place(index, cursor), what, fix)
        elif rows > 1 and (count := cells_in(self._lines.line(index))) < columns:
            what = f"this row has {count} cell{'s' * (count != 1)}, and the header of its table {columns}"
            fix = "Write the missing cells; an empty one is written with a bar of its own: `| words | |`."
            self._reading.warning(
                "table-cells", self._lines.place(index, len(_margin(self._lines.line(index)))), what, fix
            )


def _margin(line: str) -> str:
    """What stands before a row of a table: spaces, and the marks of a quotation."""
    return line[: len(line) - len(line.lstrip("> \t"))]


def cells_in(row: str) -> int:
    """A bar with a backslash in front belongs to the words. Where none begins the row, one at its end begins an empty cell."""
    words = row[len(_margin(row)) :].rstrip().replace("\\|", "")
    inner = words[1:].removesuffix("|") if words.startswith("|") else words
    return inner.count("|") + 1


def _typed_block(closed: _Open) -> TypedBlock:
    return TypedBlock(
        name=closed.name,
        attributes=closed.attributes,
        blocks=tuple(closed.blocks),
        at=closed.at,
        attribute_places=closed.places,
    )
