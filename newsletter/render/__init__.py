"""Issue -> Rendered: HTML mail and plain text with numbered references and disclaimers; personal slots stay open."""

from __future__ import annotations

from newsletter.render.environment import known_templates
from newsletter.render.rendering import Rendering, render

__all__ = ["Rendering", "known_templates", "render"]
