"""Pages about the issue file as a file."""

from __future__ import annotations

from newsletter.check.rulebook import told
from newsletter.model.problem import Level

RULES = (
    told(
        "file-empty",
        Level.ERROR,
        """An issue file without anything in it.

        Write it; `newsletter new TITLE` makes one to start from.
        """,
        must=True,
    ),
    told(
        "file-encoding",
        Level.ERROR,
        """A file that is not UTF-8 text.

        It was saved in another encoding, or it is no text at all. Save it as UTF-8; every editor can.
        """,
        must=True,
    ),
    told(
        "file-too-large",
        Level.ERROR,
        """A file that is larger than an issue may be.

        Put images and references into files of their own.
        """,
        must=True,
    ),
    told(
        "control-character",
        Level.ERROR,
        """An invisible character that steers a terminal or turns the direction of the words.

        Such characters get in by copying, and can make a text look different from what it says. Delete it: put the cursor
        behind it and press backspace.

        """,
    ),
    told(
        "private-use-character",
        Level.WARNING,
        """A character that has no meaning outside one font or program.

        Such as a company's logo that was typed with a special font. Readers see an empty box. Use a common character.
        """,
    ),
)
