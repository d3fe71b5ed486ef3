"""The stylesheet -> style attributes, by premailer: once, last, without network, pure ASCII.

The options keep the computed styles as they were; `<style data-premailer="ignore">` blocks stay byte for byte.
"""

from __future__ import annotations

import logging
import os
import re

#: what HTML cannot hold, and C1 controls, which browsers would read as Windows-1252
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
#: a tag up to its style, and the style; a value with a quoted string in it is left alone
_STYLED = re.compile(r"""(<[a-z][^<>]*? style=")([^"'<>]*)(?=")""")


def without_controls(text: str) -> str:
    """The text without characters that no mail may hold."""
    return _UNPRINTABLE.sub("", text)


def inline_styles(html: str) -> str:
    """The HTML with its styles on its elements and every character beyond ASCII as a numeric entity."""
    # premailer's own size is so small that the stylesheet is parsed anew for every variant of an issue
    os.environ.setdefault("PREMAILER_CACHE_MAXSIZE", "4000")
    import cssutils  # type: ignore[import-untyped]
    from premailer import Premailer

    cssutils.ser.prefs.minimizeColorHash = False  # old clients read six digits only
    inliner = Premailer(
        without_controls(html),
        keep_style_tags=False,
        strip_important=False,
        remove_classes=False,
        disable_validation=True,
        allow_network=False,
        allow_loading_external_files=False,
        disable_link_rewrites=True,
        align_floating_images=False,
        include_star_selectors=False,
        disable_basic_attributes=["width", "height", "align", "valign"],
        cssutils_logging_level=logging.CRITICAL,
    )
    return _tight(str(inliner.transform(encoding="us-ascii", pretty_print=False)))


def _tight(html: str) -> str:
    """Without the blanks that premailer puts between declarations; text has no raw `<`, so only tags are touched."""
    return _STYLED.sub(lambda tag: f"{tag[1]}{tag[2].replace('; ', ';')}", html)
