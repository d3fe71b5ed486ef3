"""The hand map: what stands in a mail -> its feature at caniemail.com, whose titles are too irregular to be read by a program.

tests/check/test_check_clients.py holds every name here to the table, and says why features of the table are missing here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: properties whose feature is called after them
_NAMED_ALIKE = """
    accent-color align-items animation aspect-ratio backdrop-filter background background-blend-mode background-clip
    background-color background-image background-origin background-position background-repeat background-size border
    border-collapse border-image border-radius border-spacing box-shadow box-sizing caption-side clear clip-path
    color-scheme column-count cursor direction display empty-cells filter flex-direction flex-wrap float font font-kerning
    font-size font-stretch font-weight gap height hyphenate-character hyphenate-limit-chars hyphens inset
    justify-content letter-spacing line-height list-style list-style-image list-style-position list-style-type margin
    mask-image max-block-size max-height max-inline-size max-width min-block-size min-height min-inline-size min-width
    mix-blend-mode object-fit object-position opacity orphans outline outline-offset overflow overflow-wrap padding position
    resize scroll-snap shape-margin shape-outside tab-size table-layout text-align text-align-last text-decoration
    text-decoration-color text-decoration-line text-decoration-skip-ink text-decoration-style text-decoration-thickness
    text-emphasis text-emphasis-position text-indent text-justify text-orientation text-overflow text-shadow
    text-transform text-underline-offset text-underline-position text-wrap transform transition user-select vertical-align
    visibility white-space white-space-collapse widows width word-break word-spacing word-wrap writing-mode z-index
"""
_SIDES = ("top", "right", "bottom", "left")
_CORNERS = ("start-start", "start-end", "end-start", "end-end")
_ENDS = ("start", "end")
_EDGE = ("width", "style", "color")

#: feature -> the properties that it is about, where they are several or called otherwise
_GROUPS: Mapping[str, Iterable[str]] = {
    "css-block-inline-size": ["block-size"],
    "css-inline-size": ["inline-size"],
    "css-border": [f"border-{side}" for side in _SIDES] + [f"border-{edge}" for edge in _EDGE],
    "css-border-inline-block": ["border-inline", "border-block"],
    "css-border-inline-block-individual": [f"border-{axis}-{end}" for axis in ("inline", "block") for end in _ENDS],
    "css-border-inline-block-longhand": [f"border-{axis}-{edge}" for axis in ("inline", "block") for edge in _EDGE],
    "css-border-radius": ["border-top-left-radius", "border-top-right-radius", "border-bottom-left-radius",
                          "border-bottom-right-radius"],
    "css-border-radius-logical": [f"border-{corner}-radius" for corner in _CORNERS],
    "css-column-layout-properties": ["columns", "column-width", "column-rule", "column-span", "column-fill"],
    "css-gap": ["column-gap", "row-gap"],
    "css-grid-template": ["grid-template", "grid-template-columns", "grid-template-rows", "grid-template-areas"],
    "css-left-right-top-bottom": _SIDES,
    "css-margin": [f"margin-{side}" for side in _SIDES],
    "css-margin-block-start-end": [f"margin-block-{end}" for end in _ENDS],
    "css-margin-inline-block": ["margin-inline", "margin-block"],
    "css-margin-inline-start-end": [f"margin-inline-{end}" for end in _ENDS],
    "css-mask-image": ["mask", "-webkit-mask-image"],
    "css-padding": [f"padding-{side}" for side in _SIDES],
    "css-padding-block-start-end": [f"padding-block-{end}" for end in _ENDS],
    "css-padding-inline-block": ["padding-inline", "padding-block"],
    "css-padding-inline-start-end": [f"padding-inline-{end}" for end in _ENDS],
    "css-scroll-snap": ["scroll-snap-type", "scroll-snap-align"],
}  # fmt: skip
BY_PROPERTY = {name: f"css-{name}" for name in _NAMED_ALIKE.split() if name != "scroll-snap"} | {
    name: feature for feature, names in _GROUPS.items() for name in names
}
BY_PROPERTY_AND_KEYWORD = {
    ("display", "flex"): "css-display-flex",
    ("display", "inline-flex"): "css-display-flex",
    ("display", "grid"): "css-display-grid",
    ("display", "inline-grid"): "css-display-grid",
    ("display", "none"): "css-display-none",
}
BY_KEYWORD = {
    "initial": "css-unit-initial",
    "fit-content": "css-intrinsic-size",
    "min-content": "css-intrinsic-size",
    "max-content": "css-intrinsic-size",
} | dict.fromkeys(("system-ui", "ui-serif", "ui-sans-serif", "ui-rounded", "ui-monospace"), "css-sytem-ui")
BY_FUNCTION = {
    "calc": "css-unit-calc",
    "clamp": "css-function-clamp",
    "light-dark": "css-function-light-dark",
    "max": "css-function-max",
    "min": "css-function-min",
    "var": "css-variables",
    "rgb": "css-rgb",
    "rgba": "css-rgba",
    "linear-gradient": "css-linear-gradient",
    "repeating-linear-gradient": "css-linear-gradient",
    "radial-gradient": "css-radial-gradient",
    "repeating-radial-gradient": "css-radial-gradient",
    "conic-gradient": "css-conic-gradient",
} | dict.fromkeys(("lch", "oklch", "lab", "oklab"), "css-modern-color")
BY_UNIT = {
    unit: f"css-unit-{unit}"
    for unit in ("ch", "cm", "em", "ex", "in", "mm", "pc", "pt", "px", "rem", "vh", "vmax", "vmin", "vw")
}
BY_AT_RULE = {
    "font-face": "css-at-font-face",
    "import": "css-at-import",
    "keyframes": "css-at-keyframes",
    "-webkit-keyframes": "css-at-keyframes",
    "media": "css-at-media",
    "supports": "css-at-supports",
}
BY_MEDIA_QUERY = {
    "-webkit-device-pixel-ratio": "css-at-media-device-pixel-ratio",
    "-webkit-min-device-pixel-ratio": "css-at-media-device-pixel-ratio",
    "hover": "css-at-media-hover",
    "any-hover": "css-at-media-hover",
    "orientation": "css-at-media-orientation",
    "prefers-color-scheme": "css-at-media-prefers-color-scheme",
    "prefers-reduced-motion": "css-at-media-prefers-reduced-motion",
}
_PSEUDO_CLASSES = """
    active checked first-child first-of-type focus has hover lang last-child last-of-type link not nth-child nth-last-child
    nth-last-of-type nth-of-type only-child only-of-type target visited
"""
_PSEUDO_ELEMENTS = ("after", "before", "first-letter", "first-line", "marker", "placeholder")
BY_PSEUDO = (
    {f":{name}": f"css-pseudo-class-{name}" for name in _PSEUDO_CLASSES.split()}
    | {f"::{name}": f"css-pseudo-element-{name}" for name in _PSEUDO_ELEMENTS}
    | {f":{name}": f"css-pseudo-element-{name}" for name in _PSEUDO_ELEMENTS[:4]}
)
_ELEMENTS = """
    abbr acronym address audio base bdi blockquote body code del dfn dialog div form hr img link marquee meter object p
    picture pre progress rp rt ruby select small span strike strong style svg table textarea video wbr
"""
BY_ELEMENT = (
    {name: f"html-{name}" for name in _ELEMENTS.split()}
    | dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "html-h1-h6")
    | dict.fromkeys(("ul", "ol", "dl"), "html-lists")
    | dict.fromkeys(
        ("article", "aside", "details", "figcaption", "figure", "footer", "header", "main", "mark", "nav", "section",
         "summary", "time"),
        "html-semantics",
    )
    | {"map": "html-image-maps"}
)  # fmt: skip
BY_ATTRIBUTE = {
    "align": "html-align",
    "aria-describedby": "html-aria-describedby",
    "aria-hidden": "html-aria-hidden",
    "aria-label": "html-aria-label",
    "aria-labelledby": "html-aria-labelledby",
    "aria-live": "html-aria-live",
    "background": "html-background",
    "cellpadding": "html-cellpadding",
    "cellspacing": "html-cellspacing",
    "dir": "html-dir",
    "height": "html-height",
    "hidden": "html-hidden",
    "lang": "html-lang",
    "loading": "html-loading-attribute",
    "popover": "html-popover",
    "required": "html-required",
    "role": "html-role",
    "srcset": "html-srcset",
    "sizes": "html-srcset",
    "target": "html-target",
    "valign": "html-valign",
    "width": "html-width",
}
#: (element, its type) -> feature
BY_TYPE = {
    ("input", kind): f"html-input-{kind}" for kind in ("checkbox", "hidden", "radio", "reset", "submit", "text")
} | {
    ("button", "reset"): "html-button-reset",
    ("button", "submit"): "html-button-submit",
}
#: ending of an image's address -> feature
BY_ENDING = {
    "apng": "image-apng", "avif": "image-avif", "bmp": "image-bmp", "gif": "image-gif", "heic": "image-heif",
    "heif": "image-heif", "ico": "image-ico", "jpeg": "image-jpg", "jpg": "image-jpg", "mp4": "image-mp4",
    "png": "image-png", "svg": "image-svg", "tif": "image-tiff", "tiff": "image-tiff", "webp": "image-webp",
}  # fmt: skip
#: told by more than one word: see client_css.py and client_features.py
OTHERS = frozenset(
    {
        "css-important", "css-nesting", "css-unit-percent", "css-selector-adjacent-sibling", "css-selector-attribute",
        "css-selector-chaining", "css-selector-child", "css-selector-class", "css-selector-descendant",
        "css-selector-general-sibling", "css-selector-grouping", "css-selector-id", "css-selector-type",
        "css-selector-universal", "html-anchor-links", "html-mailto-links", "html-meta-color-scheme", "image-base64",
    }
)  # fmt: skip

MAPPED = OTHERS.union(
    *(
        table.values()
        for table in (
            BY_PROPERTY, BY_PROPERTY_AND_KEYWORD, BY_KEYWORD, BY_FUNCTION, BY_UNIT, BY_AT_RULE, BY_MEDIA_QUERY, BY_PSEUDO,
            BY_ELEMENT, BY_ATTRIBUTE, BY_TYPE, BY_ENDING,
        )
    )
)  # fmt: skip
