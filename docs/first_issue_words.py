"""What docs/first-issue.md asks its reader to fill in."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

NAMES = (
    ("TODO name of your newsletter", "Larkmeadow Letters"),
    ("TODO name of your practice", "Larkmeadow Joint Clinic"),
    ("TODO street, town, postcode", "12 Example Street, Springfield, CA 90001"),
    ('# phone = "555-0100"', 'phone = "555-0100"'),
    ('timezone = "UTC"', 'timezone = "America/Los_Angeles"'),
)
MOST_WORDS = (
    (
        "TODO: say in two or three sentences what readers will find here, and how often you will write.",
        "Once a month we write about one question that our patients ask. We say what studies found, and what they did not.",
    ),
    ("TODO: a subject that you know well", "Walking again after an operation"),
)
LAST_WORDS = (("TODO: a question that people often ask you", "How much pain is normal, and when to call us"),)
#: what the page asks for in one step -> the file, and what stands there before and after
STEPS = {
    "names": ("newsletter.toml", NAMES),
    "most words": ("issues/welcome/issue.md", MOST_WORDS),
    "the last words": ("issues/welcome/issue.md", LAST_WORDS),
    "all words": ("issues/welcome/issue.md", MOST_WORDS + LAST_WORDS),
    "one character": ("issues/welcome/issue.md", (("it is short.", "it is short!"),)),
    "as it was": ("issues/welcome/issue.md", (("it is short!", "it is short."),)),
    "approvals": ("newsletter.toml", (("# approvals = 1", "approvals = 1"),)),
}


def fill_in(folder: Path, step: str) -> None:
    """Do one of the steps.

    Raises:
        LookupError: the file does not ask for it any more
    """
    name, words = STEPS[step]
    file = folder / name
    text = file.read_text("utf-8")
    for before, after in words:
        if before not in text:
            raise LookupError(f"{name} does not say {before!r} any more")
        text = text.replace(before, after)
    file.write_text(text, "utf-8")
