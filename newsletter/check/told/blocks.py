"""Pages about blocks."""

from __future__ import annotations

from newsletter.check.rulebook import told
from newsletter.model.problem import Level

RULES = (
    told(
        "block-unknown",
        Level.ERROR,
        """A block that does not exist.

        Take the one that the message suggests; docs/blocks.md shows all of them.

        Bad:

            ::: buton href="https://example.org/visit"
            Ask for a visit
            :::

        Good:

            ::: button href="https://example.org/visit"
            Ask for a visit
            :::
        """,
    ),
    told(
        "block-unclosed",
        Level.ERROR,
        """A block that is not closed.

        Everything below it would be in it. Add a line `:::` where it ends.

        Bad:

            ::: callout title="Call us"
            When it swells, call us.

        Good:

            ::: callout title="Call us"
            When it swells, call us.
            :::
        """,
    ),
    told(
        "block-stray-fence",
        Level.ERROR,
        """A line `:::` that closes nothing.

        Remove it, or write the line that opens the block.

        Bad:

            Walk a little every day.

            :::

        Good:

            Walk a little every day.
        """,
    ),
    told(
        "block-syntax",
        Level.ERROR,
        """A first line of a block that cannot be read.

        Write `::: name key="value"`, with the value in quotes.

        Bad:

            ::: button href=https://example.org/visit
            Ask for a visit
            :::

        Good:

            ::: button href="https://example.org/visit"
            Ask for a visit
            :::
        """,
    ),
    told(
        "block-unknown-attribute",
        Level.ERROR,
        """An attribute that the block does not have.

        Take the one that the message suggests.

        Bad:

            ::: callout titel="Call us"
            When it swells, call us.
            :::

        Good:

            ::: callout title="Call us"
            When it swells, call us.
            :::
        """,
    ),
    told(
        "block-missing-attribute",
        Level.ERROR,
        """A required attribute that is missing.

        The block cannot be shown without it. Add it.

        Bad:

            ::: button
            Ask for a visit
            :::

        Good:

            ::: button href="https://example.org/visit"
            Ask for a visit
            :::
        """,
    ),
    told(
        "block-duplicate-attribute",
        Level.ERROR,
        """An attribute that stands there twice.

        Nobody could tell which one counts. Keep one.

        Bad:

            ::: callout title="Call us" title="Call"
            When it swells, call us.
            :::

        Good:

            ::: callout title="Call us"
            When it swells, call us.
            :::
        """,
    ),
    told(
        "block-attribute-value",
        Level.ERROR,
        """A value that the attribute cannot have.

        It is none of those allowed, no date, no share of the width, or empty. Write it as the message shows.

        Bad:

            ::: callout style="loud"
            When it swells, call us.
            :::

        Good:

            ::: callout style="warning"
            When it swells, call us.
            :::
        """,
    ),
    told(
        "block-content",
        Level.ERROR,
        """Something in a block that it cannot hold.

        A button takes its label, `columns` takes columns, `table` a table, `related` a list of links.

        Bad:

            ::: table caption="Weeks"
            Walk a little every day.
            :::

        Good:

            ::: table caption="Weeks"
            | Week | Walk |
            |---|---|
            | 1 | 10 minutes |
            :::
        """,
    ),
    told(
        "block-place",
        Level.ERROR,
        """A block in a place where it cannot stand.

        A `column` stands in `columns` and nowhere else; what is for some readers goes into the column, not around it.

        Bad:

            ::: column
            Walk a little every day.
            :::

        Good:

            ::: columns
            ::: column
            Walk a little every day.
            :::
            ::: column
            Rest when it hurts.
            :::
            :::
        """,
    ),
    told(
        "block-empty",
        Level.WARNING,
        """A block with nothing in it.

        Write something, or remove it. For a button it is an error: it needs a label.

        Bad:

            Walk a little every day.

            ::: callout title="Call us"
            :::

        Good:

            Walk a little every day.

            ::: callout title="Call us"
            When it swells, call us.
            :::
        """,
    ),
)
