"""Pages about newsletter.toml and the environment."""

from __future__ import annotations

from newsletter.check.rulebook import told
from newsletter.model.problem import Level

RULES = (
    told(
        "settings-syntax",
        Level.ERROR,
        """A line of `newsletter.toml` that cannot be read.

        Texts stand in quotes, lists in square brackets, and each key on a line of its own. The message names the line.

        Bad (newsletter.toml):

            [newsletter]
            name = Larkmeadow Letters

        Good (newsletter.toml):

            [newsletter]
            name = "Larkmeadow Letters"
        """,
    ),
    told(
        "settings-unknown-key",
        Level.ERROR,
        """A key of `newsletter.toml` that does not exist.

        Take the one that the message suggests; docs/settings.md has all of them.

        Bad (newsletter.toml):

            [newsletter]
            languge = "de"

        Good (newsletter.toml):

            [newsletter]
            language = "de"
        """,
    ),
    told(
        "settings-missing",
        Level.ERROR,
        """A required key of `newsletter.toml` that is missing.

        The name of the newsletter, the address of its pages, and the sender's name, address and postal address must be there:
        every mail shows them.

        Bad (newsletter.toml):

            # all of it
            [newsletter]
            name = "Larkmeadow Letters"
            base_url = "https://news.example.org"
            [sender]
            name = "Larkmeadow Joint Clinic"
            address = "letters@example.org"

        Good (newsletter.toml):

            # all of it
            [newsletter]
            name = "Larkmeadow Letters"
            base_url = "https://news.example.org"
            [sender]
            name = "Larkmeadow Joint Clinic"
            address = "letters@example.org"
            postal_address = "12 Example Street, Springfield, CA 90001"
        """,
    ),
    told(
        "settings-type",
        Level.ERROR,
        """A value of `newsletter.toml` that is of the wrong kind.

        A number stands without quotes, a text in quotes, a list in square brackets.

        Bad (newsletter.toml):

            [policy]
            approvals = "two"

        Good (newsletter.toml):

            [policy]
            approvals = 2
        """,
    ),
    told(
        "settings-value",
        Level.ERROR,
        """A value of `newsletter.toml` that is not possible.

        Such as a time zone or a language that does not exist, a colour that is none, or two colours with too little contrast.

        Bad (newsletter.toml):

            [newsletter]
            timezone = "Berlin"

        Good (newsletter.toml):

            [newsletter]
            timezone = "Europe/Berlin"
        """,
    ),
    told(
        "settings-unknown-variable",
        Level.ERROR,
        """A variable of the environment that is nearly a setting.

        Any key of `newsletter.toml` can be given in the environment, such as `NEWSLETTER_ESP_NAME`. A name that is nearly one
        would silently do nothing. Correct its name, or unset it.
        """,
    ),
)
