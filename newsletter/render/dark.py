"""Dark mode written once: plain rules -> the media query for most clients and the attribute selectors of Outlook.

Outlook.com and its apps ignore prefers-color-scheme and set data-ogsc (colour) or data-ogsb (background) themselves.
"""

from __future__ import annotations

import re

_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def media_query(rules: str) -> str:
    """For clients that tell the reader's preference."""
    body = "".join(f"{selectors}{{{declarations}}}\n" for selectors, declarations in _rules(rules))
    return f"@media (prefers-color-scheme: dark) {{\n{body}}}"


def outlook_rules(rules: str) -> str:
    """For Outlook, by colour and by background."""
    return "\n".join(
        ",".join(f"[{hook}] {one.strip()}" for hook in ("data-ogsc", "data-ogsb") for one in selectors.split(","))
        + f"{{{declarations}}}"
        for selectors, declarations in _rules(rules)
        if not selectors.startswith(":root")
    )


def _rules(css: str) -> list[tuple[str, str]]:
    """(selectors, declarations), each on one line."""
    found = _RULE.findall(_COMMENT.sub("", css))
    return [(" ".join(selectors.split()), " ".join(declarations.split())) for selectors, declarations in found]
