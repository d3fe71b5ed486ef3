"""The Markdown of an issue or a disclaimer -> the tree, and Problems."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from newsletter.model.problem import error
from newsletter.read.links import link_mistake
from newsletter.read.markdown import MOST_PIECES, count_pieces, parse, too_many_marks
from newsletter.read.merge_tags import Mask
from newsletter.read.numbered import Numbered
from newsletter.read.places import Lines
from newsletter.read.reading import Reading
from newsletter.read.tree import TreeReader

if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import Any

    from newsletter.model.document import Blocks
    from newsletter.model.problem import Problem
    from newsletter.read.merge_tags import MergeTags

TOO_COMPLEX = "body-too-complex"
#: each is looked up, escaped and filled in by itself
_MOST_TAGS = 3_000


def read_body(lines: Lines, tags: MergeTags, keys: Collection[str], *, unknown_keys_matter: bool = True) -> Blocks:
    """The tree; problems go to `tags.problems`."""
    mask = Mask(lines.text, lines.at)
    tags.problems.extend(mask.problems)
    masked = Lines(lines.file, mask.text, lines.first)
    much = f"{_MOST_TAGS:,} merge tags" if len(mask.tags) > _MOST_TAGS else too_many_marks(mask.text)
    if much:
        tags.problems.append(too_complex(masked, much))
        return ()
    tokens, notes = parse(mask.text, keys)
    if count_pieces(tokens) > MOST_PIECES:
        tags.problems.append(too_complex(masked, f"{MOST_PIECES:,} paragraphs, links, cells and other pieces"))
        return ()
    reading = Reading(
        lines=masked,
        mask=mask,
        tags=tags,
        keys=frozenset(keys),
        unknown_keys_matter=unknown_keys_matter,
        numbered=Numbered(keys if isinstance(keys, Mapping) else {}),
    )
    blocks = TreeReader(reading).read(tokens)
    if "too_deep" in notes:
        reading.too_deep(masked.line_start(notes["too_deep"]))
    _judge_definitions(notes.get("references", {}), reading)
    return blocks


def too_complex(lines: Lines, much: str) -> Problem:
    """A text that is not worth the time it takes."""
    fix = (
        "Make several issues of it, or put long tables and lists on a web page; check too that this is the right file."
    )
    return error(TOO_COMPLEX, lines.line_start(0), f"there are more than {much} in this text", fix)


def _judge_definitions(definitions: Mapping[str, Any], reading: Reading) -> None:
    """`[name]: target` lines: told where they stand, whether or not the text uses them."""
    for definition in definitions.values():
        _, mistake = reading.address(definition["href"], link_mistake)
        if mistake:
            at = reading.lines.line_start(definition["map"][0])
            reading.error("link-target", at, *mistake)
