"""Text that runs against the direction of its issue, such as a Hebrew paragraph in an English letter -> attributes for its tag.

All of its letters decide, not the first (Unicode UAX 9, rule P2): a Hebrew sentence may begin with a foreign name. Written out,
since not every mail program knows `dir="auto"`.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from typing import TYPE_CHECKING

from markupsafe import Markup

from newsletter.model.document import inlines_of, plain_text, walk_blocks

if TYPE_CHECKING:
    from newsletter.model.document import Block

_RIGHT_TO_LEFT = {"L": False, "R": True, "AL": True}

#: so many foreign letters to one of the issue's own turn a text
_FOREIGN = 3


def turned(block: Block, right_to_left: bool) -> Markup:
    """` dir="rtl" style="text-align:right"`, or nothing for a text that runs like its issue or has no letters."""
    texts = (plain_text(inlines) for inner in walk_blocks((block,)) for inlines in inlines_of(inner))
    kinds = (unicodedata.bidirectional(character) for text in texts for character in text)
    letters = Counter(_RIGHT_TO_LEFT[kind] for kind in kinds if kind in _RIGHT_TO_LEFT)
    runs = not right_to_left
    if letters[runs] <= _FOREIGN * letters[right_to_left]:
        return Markup("")
    direction, side = ("rtl", "right") if runs else ("ltr", "left")
    return Markup(' dir="{}" style="text-align:{}"').format(direction, side)
