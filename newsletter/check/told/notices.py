"""Pages about the texts of mails to single people; `newsletter notices check` tells these codes."""

from __future__ import annotations

from newsletter.check.rulebook import told
from newsletter.model.problem import Level

RULES = (
    told(
        "notice-empty",
        Level.ERROR,
        """A mail to a single person without text.

        Write it below the front matter of the file in templates/notices/, or delete the file: then ours is used.
        """,
        must=True,
    ),
    told(
        "notice-name",
        Level.ERROR,
        """A file in templates/notices/ whose name is that of no mail, or that cannot be read.

        The name is `<kind>.<language>.md`, such as confirmation.en.md; the message names the kinds. A file of another name
        would never be used.
        """,
        must=True,
    ),
    told(
        "notice-without-link",
        Level.ERROR,
        """A mail to a single person that lacks the link for which it is sent.

        Without it, nobody could confirm or get their data. Put the button that the message shows into the file.
        """,
        must=True,
    ),
)
