"""Pages about the disclaimers that policy demands."""

from __future__ import annotations

from newsletter.check.rulebook import told
from newsletter.model.problem import Level

_HOUSE = """
        Good (newsletter.toml):

            [policy]
            required = ["general", "emergency", "no-guarantee", "delivery", "house"]

        Good (templates/disclaimers/house.en.md):

            ---
            id: house
            title: House rules
            version: "1"
            effective_from: 2026-01-01
            ---

            We answer letters within a week.
        """
_HOUSE_RULES = """
        Bad (newsletter.toml):

            [policy]
            required = ["general", "emergency", "no-guarantee", "delivery", "house"]
"""

RULES = (
    told(
        "disclaimer-missing",
        Level.ERROR,
        """A required disclaimer that does not exist in the issue's language.

        Another language is never used instead. Write the file that the message names and have it reviewed, or correct the
        `language` of the issue.
        """
        + _HOUSE_RULES
        + _HOUSE,
        must=True,
    ),
    told(
        "disclaimer-not-in-force",
        Level.ERROR,
        """A required disclaimer that is not in force on the day of sending.

        Correct its dates, or add a version for that day.
        """
        + _HOUSE_RULES
        + """
        Bad (templates/disclaimers/house.en.md):

            ---
            id: house
            title: House rules
            version: "1"
            effective_until: 2025-12-31
            ---

            We answer letters within a week.
        """
        + _HOUSE,
        must=True,
    ),
    told(
        "disclaimer-unknown",
        Level.ERROR,
        """A disclaimer that does not exist.

        `disclaimers:` in the front matter names it. Correct the name.

        Bad:

            ---
            title: Walking after a knee operation
            disclaimers: [emergancy]
            ---

            Walk a little every day.

        Good:

            ---
            title: Walking after a knee operation
            disclaimers: [emergency]
            ---

            Walk a little every day.
        """,
        must=True,
    ),
    told(
        "disclaimer-name",
        Level.ERROR,
        """A disclaimer's file whose name does not fit.

        The name is `<id>.<language>.md`, and the id is that of its front matter. Make the two alike.

        Bad (templates/disclaimers/house.en.md):

            ---
            id: garden
            title: House rules
            version: "1"
            ---

            We answer letters within a week.
        """
        + _HOUSE,
        must=True,
    ),
    told(
        "disclaimer-dates",
        Level.ERROR,
        """A disclaimer that ends before it begins.

        Correct one of the two dates.

        Bad (templates/disclaimers/house.en.md):

            ---
            id: house
            title: House rules
            version: "1"
            effective_from: 2026-06-01
            effective_until: 2026-01-01
            ---

            We answer letters within a week.
        """
        + _HOUSE,
        must=True,
    ),
    told(
        "disclaimer-empty",
        Level.ERROR,
        """A disclaimer without text.

        Write it below the front matter.

        Bad (templates/disclaimers/house.en.md):

            ---
            id: house
            title: House rules
            version: "1"
            ---
        """
        + _HOUSE,
        must=True,
    ),
)
