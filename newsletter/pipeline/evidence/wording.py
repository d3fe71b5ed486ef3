"""Plain text that stays readable for decades: short lines, times in UTC."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

_WIDTH = 78


def folded(words: str, first: str = "", others: str = "") -> str:
    return textwrap.fill(
        words,
        _WIDTH,
        initial_indent=first,
        subsequent_indent=others,
        break_long_words=False,
        break_on_hyphens=False,
    )


def moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}"
