"""What a YAML parser says -> what is wrong in plain words, and what to do."""

from __future__ import annotations

import re

_QUOTES = 'Put the whole text in quotes, such as title: "Hips: what is new".'

#: a piece of the parser's message -> (what is wrong, what to do)
_WORDS = (
    (r"character '\t'", "there is a tab in the indentation", "Indent with spaces; YAML does not allow tabs."),
    ("mapping values are not allowed", "there is a colon where none can be", _QUOTES),
    ("cannot start any token", "a text cannot start with this character", _QUOTES),
    (
        "unexpected end of stream",
        "a text in quotes is not closed before the end",
        "Add the closing quote at the end of its line.",
    ),
    (
        "unknown escape character",
        "a backslash in double quotes starts an escape that does not exist",
        "Use single quotes around the text, or write two backslashes.",
    ),
    (
        "expected ',' or",
        "a list or table in brackets is not closed",
        "Close it with ] or }, with commas between its items. A text that starts with a bracket stands in quotes.",
    ),
    (
        "expected the node content",
        "a list or table in brackets is not closed",
        "Close it with ] or }, with commas between its items. A text that starts with a bracket stands in quotes.",
    ),
    (
        "could not find expected ':'",
        "this line is no `key: value`",
        "Write a colon and a space after the key. If the text of the issue begins here, put a line `---` above it.",
    ),
    (
        "expected chomping or indentation",
        "after | or > the text starts in the next line",
        "Put the text in quotes instead.",
    ),
    ("block end", "this line does not fit to the lines above it", "Check the indentation, and put texts in quotes."),
    (
        "complex key",
        "a key must be a plain word",
        "Write `key: value`; a text that starts with a bracket stands in quotes.",
    ),
)


def explained(message: str, line: str) -> tuple[str, str]:
    """(what is wrong, what to do). `line` is the author's line, since a merge tag without quotes reads as a YAML table."""
    if re.search(r":\s*\{\{|^\s*-\s*\{\{", line):
        fix = "Put the text in quotes, double ones outside and single ones inside: \"{{ name | default('x') }}\"."
        return "a text that starts with a merge tag must stand in quotes", fix
    if "block end" in message and re.search(r":\s+[\"'\[{]", line):
        fix = 'Put the whole text in quotes of the other kind: title: \'"New" hips\', or title: "It\'s here".'
        return "there are words behind the closing quote or bracket of this value", fix
    for piece, what, fix in _WORDS:
        if piece in message:
            return what, fix
    return "this line of the front matter cannot be read as YAML", 'Each line has the form `key: "value"`.'
