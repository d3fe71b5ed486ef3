"""Rules about the finished mail as a file: size, styles, both parts, leftovers, spam."""

from __future__ import annotations

from newsletter.check.finished import both_parts, output, size, spam_score, style_sources, styles

#: in the order in which they run
RULES = (
    *output.RULES,
    *both_parts.RULES,
    *size.RULES,
    *styles.RULES,
    *style_sources.RULES,
    *spam_score.RULES,
)
