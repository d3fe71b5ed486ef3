"""Tables: those with data say what their columns are, those that only arrange the mail say that they do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.check.rulebook import Finding, issue_rule, mail_rule
from newsletter.check.seen.images import seen
from newsletter.check.seen.template_tags import place_of_tag
from newsletter.model.document import Image, MergeTag, Table, plain_text, walk_blocks, walk_inlines
from newsletter.model.problem import Level, Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.mail import Mail
    from newsletter.check.page import Element
    from newsletter.check.rulebook import Content
    from newsletter.model.document import Inlines

_LAYOUT = frozenset({"presentation", "none"})
#: columns that fit on a phone side by side
_MOST_COLUMNS = 6
_BETWEEN_CELLS = re.compile(r"(?<!\\)\|")


@issue_rule("table-header-empty", Level.WARNING)
def columns_have_names(content: Content) -> Iterator[Finding]:
    """A column of a table without a heading.

    Screen readers read out the heading with each cell, and here have none to read. Write above each column what it holds. In the
    corner above the names of rows, a word such as "Day" helps, too; there it is only a hint.

    Bad:

        | Day | |
        |---|---|
        | Monday | 8 to 17 |

    Good:

        | Day | Hours |
        |---|---|
        | Monday | 8 to 17 |
    """
    lines = content.source.split("\n")
    for table in (block for block in walk_blocks(content.issue.body) if isinstance(block, Table)):
        empty = [number for number, cell in enumerate(table.header) if not _says_something(cell)]
        for number in empty if len(empty) < len(table.header) else empty[:1]:
            is_all, is_corner = len(empty) == len(table.header), number == 0
            message = "this table has no headings" if is_all else f"column {number + 1} of this table has no heading"
            fix = "Write above each column what it holds; screen readers read it out with each cell."
            level = Level.INFORMATION if is_corner and not is_all else None
            yield Finding(at=_cell_place(table, number, lines), message=message, fix=fix, level=level)


def _says_something(cell: Inlines) -> bool:
    return bool(plain_text(cell).strip()) or any(isinstance(one, Image | MergeTag) for one in walk_inlines(cell))


def _cell_place(table: Table, number: int, lines: list[str]) -> Place:
    """Where the heading of a column would stand; the table where its line is not what it seems."""
    at = table.at
    line = lines[at.line - 1] if 0 < at.line <= len(lines) else ""
    start = max(at.column - 1, 0)
    bars = [found.start() for found in _BETWEEN_CELLS.finditer(line, start)]
    cells = bars if line[start:].lstrip().startswith("|") else [start - 1, *bars]
    return Place(file=at.file, line=at.line, column=cells[number] + 2) if number < len(cells) else at


@issue_rule("table-wide", Level.INFORMATION)
def tables_fit_on_phones(content: Content) -> Iterator[Finding]:
    """A table with more than six columns.

    On a phone only three or four columns can be seen at once; for the others readers must push the table sideways, and many do not
    find out that they can. Split it in two, or turn rows into columns.

    Bad:

        | Week | Mon | Tue | Wed | Thu | Fri | Sat |
        |---|---|---|---|---|---|---|
        | 1 | 5 | 5 | 5 | 5 | 5 | 0 |

    Good:

        | Week | Days | Minutes a day |
        |---|---|---|
        | 1 | 5 | 20 |
    """
    for table in (block for block in walk_blocks(content.issue.body) if isinstance(block, Table)):
        if len(table.header) > _MOST_COLUMNS:
            message = f"this table has {len(table.header)} columns; a phone shows three or four at once"
            fix = "Split it in two, or turn its rows into columns."
            yield Finding(at=table.at, message=message, fix=fix)


@mail_rule("table-role", Level.WARNING)
def layout_tables_say_so(mail: Mail) -> Iterator[Finding]:
    """A table that only arranges the mail, without `role="presentation"`; or one with data that has it.

    Screen readers announce every table with its rows and columns. For a table that only arranges the page that is noise; where
    rows and columns mean something, it is what readers need. Write `role="presentation"` on tables without headings (`th`), and
    take it off tables that have some.

    Bad (templates/email/blocks/divider.html.j2):

        <table width="100%"><tr><td class="rule">&nbsp;</td></tr></table>

    Bad:

        Walk a little every day.

        ---

        Rest when it hurts.

    Good:

        Walk a little every day.

        ---

        Rest when it hurts.
    """
    without = [table for table in seen(mail, "table") if not _is_layout(table) and not _has_headers(table)]
    if without:
        more = f" and {len(without) - 1} more" if len(without) > 1 else ""
        message = f'a table{more} has neither headings (th) nor role="presentation"'
        fix = 'Write role="presentation" on the tables that only arrange the mail.'
        yield Finding(at=place_of_tag(mail, without[0]), message=message, fix=fix)
    for table in seen(mail, "table"):
        if _is_layout(table) and _has_headers(table):
            message = 'a table with headings (th) has role="presentation", which hides its columns from screen readers'
            yield Finding(at=place_of_tag(mail, table), message=message, fix='Take role="presentation" off this table.')


@mail_rule("table-header-scope", Level.WARNING)
def headers_say_what_they_head(mail: Mail) -> Iterator[Finding]:
    """The headings of a table do not say whether they belong to a column or a row.

    Screen readers then guess which heading to read out with a cell. Write `scope="col"` or `scope="row"` on each `th` of the
    template.

    Bad (templates/email/blocks/table.html.j2):

        <table><tr>{% for cell in header %}<th>{{ cell }}</th>{% endfor %}</tr></table>

    Bad:

        | Day | Hours |
        |---|---|
        | Monday | 8 to 17 |

    Good:

        | Day | Hours |
        |---|---|
        | Monday | 8 to 17 |
    """
    for table in seen(mail, "table"):
        bare = [one for one in _cells(table) if one.tag == "th" and not one.attributes.get("scope")]
        if bare and not _is_layout(table):
            message = f'the heading "{bare[0].words[:40]}" of a table does not say what it heads'
            yield Finding(
                at=place_of_tag(mail, bare[0]), message=message, fix='Write <th scope="col"> in the template.'
            )


def _is_layout(table: Element) -> bool:
    return table.attributes.get("role", "").lower() in _LAYOUT


def _has_headers(table: Element) -> bool:
    return any(cell.tag == "th" for cell in _cells(table))


def _cells(table: Element) -> Iterator[Element]:
    """Its own, not those of tables within."""
    waiting = [table]
    while waiting:
        inner = [one for one in waiting.pop().content if not isinstance(one, str)]
        yield from (one for one in inner if one.tag in {"td", "th"})
        waiting += [one for one in inner if one.tag in {"thead", "tbody", "tfoot", "tr"}]


RULES = (columns_have_names, tables_fit_on_phones, layout_tables_say_so, headers_say_what_they_head)
