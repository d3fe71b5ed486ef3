"""Pages about the front matter of an issue."""

from __future__ import annotations

from newsletter.check.rulebook import told
from newsletter.model.problem import Level

_GOOD = """
        Good:

            ---
            title: Walking after a knee operation
            preheader: How far, how often, and when to stop and call us
            date: 2026-12-01
            topics: [knee, walking]
            ---

            Walk a little every day.
        """

RULES = (
    told(
        "front-matter-missing",
        Level.ERROR,
        """No front matter, or a required key is not in it.

        An issue begins with a line `---`, then its keys, then another line `---`. `title` must be there.

        Bad:

            ---
            preheader: How far, how often, and when to stop and call us
            ---

            Walk a little every day.
        """
        + _GOOD,
        must=True,
    ),
    told(
        "front-matter-unclosed",
        Level.ERROR,
        """The second line `---` is missing.

        Everything below would be read as keys. Add the line below the last key.

        Bad:

            ---
            title: Walking after a knee operation

            Walk a little every day.
        """
        + _GOOD,
        must=True,
    ),
    told(
        "front-matter-too-large",
        Level.ERROR,
        """Front matter that is longer than any can be.

        Mostly the second line `---` is missing, and the whole text is read as keys. Look for it.
        """,
        must=True,
    ),
    told(
        "front-matter-syntax",
        Level.ERROR,
        """A line of the front matter that cannot be read.

        Mostly a text with a colon, a quotation mark or a bracket in it that needs quotes around all of it.

        Bad:

            ---
            title: Walking: what we know: and what not
            ---

            Walk a little every day.
        """
        + _GOOD,
        must=True,
    ),
    told(
        "front-matter-duplicate-key",
        Level.ERROR,
        """A key that stands there twice.

        Nobody could tell which one counts. Keep one of the two.

        Bad:

            ---
            title: Walking after a knee operation
            title: Walking after a hip operation
            ---

            Walk a little every day.
        """
        + _GOOD,
    ),
    told(
        "front-matter-unknown-key",
        Level.ERROR,
        """A key that does not exist.

        What it says would be lost without a word. Take the key that the message suggests; docs/issue-format.md has all of
        them.

        Bad:

            ---
            title: Walking after a knee operation
            subjet: Walking and stairs
            ---

            Walk a little every day.
        """
        + _GOOD,
    ),
    told(
        "front-matter-type",
        Level.ERROR,
        """A value of the wrong kind.

        Such as a list where a text belongs, or a text where a list belongs.

        Bad:

            ---
            title: Walking after a knee operation
            variables: [one, two]
            ---

            Walk a little every day.
        """
        + _GOOD,
    ),
    told(
        "front-matter-comment",
        Level.WARNING,
        """A `#` in a value, which cuts the rest off.

        In front matter a `#` behind a space begins a comment. Put the whole text in quotes.

        Bad:

            ---
            title: Our #1 advice is # walking
            ---

            Walk a little every day.
        """
        + _GOOD,
    ),
    told(
        "front-matter-value",
        Level.ERROR,
        """A value that is not possible.

        Such as a date that is none, or a language that nobody speaks.

        Bad:

            ---
            title: Walking after a knee operation
            date: tomorrow
            ---

            Walk a little every day.
        """
        + _GOOD,
    ),
    told(
        "variable-shadows-field",
        Level.ERROR,
        """A variable with the name of a reader's field.

        `{{ first_name }}` could then mean either. Give the variable another name.

        Bad:

            ---
            title: Walking after a knee operation
            variables:
              first_name: friend
            ---

            Walk a little every day, {{ first_name | default("friend") }}.

        Good:

            ---
            title: Walking after a knee operation
            variables:
              course: Walking again
            ---

            Join the course {{ course }}.
        """,
    ),
)
