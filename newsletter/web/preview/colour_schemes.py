"""What a sheet says of light and dark, settled for one of them: a page cannot make a frame prefer a scheme, so its rules are rewritten.

Media Queries 5 (prefers-color-scheme) and CSS Color Adjustment 1 (color-scheme); `light-dark()` is of CSS Color 5.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsletter.web.preview.style_edits import StyleEdit, exchanged, parsed, solid

if TYPE_CHECKING:
    from newsletter.web.preview.style_edits import Node

#: conditions that hold on every screen, and on none: `not`, `and` and commas around them keep their meaning
_ALWAYS, _NEVER = "(min-width:0px)", "(min-width:999999px)"


@dataclass(frozen=True)
class Settled(StyleEdit):
    """For a reader who has chosen dark or light."""

    dark: bool
    words = ("color-scheme", "light-dark")

    def prelude(self, nodes: list[Node]) -> list[Node]:
        return exchanged(nodes, self._piece)

    def value(self, name: str, nodes: list[Node]) -> list[Node]:
        if name == "color-scheme":
            return self.scheme(nodes)
        return exchanged(nodes, self._piece)

    def scheme(self, nodes: list[Node]) -> list[Node]:
        """`light dark` becomes the one; a page that can only be the other stays so, as in a browser."""
        words = {node.lower_value for node in nodes if node.type == "ident"}
        if not {"light", "dark"} <= words:
            return nodes
        other = "light" if self.dark else "dark"
        return [node for node in nodes if not (node.type == "ident" and node.lower_value == other)]

    def _piece(self, node: Node) -> list[Node] | None:
        if node.type == "function" and node.lower_name == "light-dark":
            return self._side(node.arguments)
        if node.type == "() block":
            return self._condition(node.content)
        if node.type == "function" and node.lower_name == "media":  # of if(): its brackets are the condition's
            found = self._condition(node.arguments)
            return [type(node)(node.source_line, node.source_column, node.name, found[0].content)] if found else None
        return None

    def _side(self, nodes: list[Node]) -> list[Node] | None:
        comma = next((place for place, node in enumerate(nodes) if node == ","), None)
        if comma is None:
            return None
        return exchanged(nodes[comma + 1 :] if self.dark else nodes[:comma], self._piece)

    def _condition(self, nodes: list[Node]) -> list[Node] | None:
        told = [getattr(node, "lower_value", getattr(node, "value", None)) for node in solid(nodes)]
        if told[:2] != ["prefers-color-scheme", ":"] or told[2:] not in (["light"], ["dark"]):
            return None
        return parsed(_ALWAYS if (told[2] == "dark") == self.dark else _NEVER)
