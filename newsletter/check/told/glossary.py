"""The page about the workspace's glossary."""

from __future__ import annotations

from newsletter.check.rulebook import told
from newsletter.model.problem import Level

RULES = (
    told(
        "glossary-unreadable",
        Level.WARNING,
        """A glossary that cannot be read, so that the words of your practice are told as misspelled.

        `glossary.txt` of the workspace, or the file that `glossary` in the section [prose] names, is UTF-8 text of at most 1 MB
        with one word or phrase on a line.

        Bad (newsletter.toml):

            [prose]
            glossary = "our-words.txt"

        Good (newsletter.toml):

            [prose]
            glossary = "our-words.txt"

        Good (./our-words.txt):

            Larkmeadow
            prehab
        """,
    ),
)
