"""The Markdown of an issue or a disclaimer -> the tree, and Problems."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.model.problem import error
from newsletter.read.links import link_mistake
from newsletter.read.markdown import MOST_BRACKETS, parse
from newsletter.read.merge_tags import Mask
from newsletter.read.places import Lines
from newsletter.read.reading import Reading
from newsletter.read.tree import TreeReader

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from typing import Any

    from newsletter.model.document import Blocks
    from newsletter.read.merge_tags import MergeTags


def read_body(lines: Lines, tags: MergeTags, keys: Collection[str], *, unknown_keys_matter: bool = True) -> Blocks:
    """The tree; problems go to `tags.problems`."""
    mask = Mask(lines.text, lines.at)
    tags.problems.extend(mask.problems)
    masked = Lines(lines.file, mask.text, lines.first)
    if mask.text.count("[") > MOST_BRACKETS:
        what = f"there are more than {MOST_BRACKETS:,} square brackets in this text"
        tags.problems.append(
            error("body-too-complex", masked.line_start(0), what, "Check that this is the right file.")
        )
        return ()
    tokens, notes = parse(mask.text, keys)
    reading = Reading(lines=masked, mask=mask, tags=tags, keys=frozenset(keys), unknown_keys_matter=unknown_keys_matter)
    blocks = TreeReader(reading).read(tokens)
    if "too_deep" in notes:
        reading.too_deep(masked.line_start(notes["too_deep"]))
    _judge_definitions(notes.get("references", {}), reading)
    return blocks


def _judge_definitions(definitions: Mapping[str, Any], reading: Reading) -> None:
    """`[name]: target` lines: told where they stand, whether or not the text uses them."""
    for definition in definitions.values():
        _, mistake = reading.address(definition["href"], link_mistake)
        if mistake:
            at = reading.lines.line_start(definition["map"][0])
            reading.error("link-target", at, *mistake)
