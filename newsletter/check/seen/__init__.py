"""Rules about what readers see and hear of the finished mail, in every colour scheme and width."""

from __future__ import annotations

from newsletter.check.seen import contrast, headings, images, legible, page_head, shown, tables, text_order

#: in the order in which they run
RULES = (
    *shown.RULES,
    *legible.RULES,
    *text_order.RULES,
    *images.RULES,
    *page_head.RULES,
    *headings.RULES,
    *tables.RULES,
    *contrast.RULES,
)
