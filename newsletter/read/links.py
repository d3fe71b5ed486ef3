"""Which link targets and image sources an issue may have. Returns (what is wrong, what to do), or None when all is well."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newsletter.model.document import MergeTag, plain_words

if TYPE_CHECKING:
    from newsletter.model.document import Words

Mistake = tuple[str, str]

_FORMS = "Write https://..., http://..., mailto:..., tel:... or #heading."
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_ADDRESS_LIKE = re.compile(r"[^\s@:/?#]{1,64}@[^\s@:/?#]+\.[^\s@:/?#.]+")
_HOST_LIKE = re.compile(r"(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}(?:[/?#:].*)?")
_UNSEEN = re.compile(r"[\s\x00-\x20\x7f]")


def link_mistake(target: Words) -> Mistake | None:
    """A target must be a web, mail or telephone address, an anchor, or start with a merge tag."""
    if target and isinstance(target[0], MergeTag):
        if not target[0].fallback:
            return None
        text = plain_words(target)
    else:
        # a reader's value within an address can be anything; a letter stands for it
        text = "".join(word if isinstance(word, str) else "x" for word in target)
    return _text_mistake(text)


def _text_mistake(text: str) -> Mistake | None:
    if not text:
        return "this link has no target", _FORMS
    if _UNSEEN.search(text):
        return f"there is a space in the link target `{text[:60]}`", "Write %20 for a space, or remove it."
    if text.startswith("#"):
        return None if len(text) > 1 else ("this link has no target", "Write # and the name of a heading.")
    scheme = _SCHEME.match(text)
    match scheme[1].lower() if scheme else "":
        case "http" | "https":
            return _web_mistake(text)
        case "mailto":
            return None if "@" in text else (f"`{text[:60]}` has no email address", "Write mailto:name@example.org.")
        case "tel":
            digits = re.sub(r"[^0-9]", "", text)
            return None if len(digits) > 2 else (f"`{text[:60]}` has no number", "Write tel:+1-213-555-0142.")
    if text.startswith("//") or _HOST_LIKE.fullmatch(text):
        return f"the link target `{text[:60]}` lacks https://", f"Write https://{text.lstrip('/')[:60]}."
    if _ADDRESS_LIKE.fullmatch(text):
        return f"the link target `{text[:60]}` lacks mailto:", f"Write mailto:{text[:60]}."
    if scheme:
        return f"a link cannot be a `{scheme[1].lower()}:` address", _FORMS
    return f"`{text[:60]}` is no complete address; a reader's mail program cannot open it", _FORMS


def _web_mistake(text: str) -> Mistake | None:
    try:
        parts = urlsplit(text)
        host, _port = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or not text.lower().startswith(("http://", "https://")):
        return f"`{text[:60]}` is not a web address", "Write one such as https://example.org/page."
    return None


def image_mistake(source: Words) -> Mistake | None:
    """A source must be an https address, or the name of a file beside the issue."""
    text = "".join(word if isinstance(word, str) else "x" for word in source)
    form = "Name a file beside the issue, such as knee.jpg, or write https://..."
    if not text.strip():
        return "this image has no source", form
    if text.lower().startswith("https://"):
        return _text_mistake(text)
    if text.lower().startswith("http://"):
        return f"the image `{text[:60]}` is not fetched safely", "Write https:// instead of http://."
    if _SCHEME.match(text) or text.startswith("//"):
        return f"`{text[:60]}` is no source for an image", form
    if text.startswith(("/", "~")) or "\\" in text or ".." in text.split("/"):
        return f"the image `{text[:60]}` does not lie beside the issue", form
    if any(isinstance(word, MergeTag) for word in source):
        return "the name of an image file cannot differ from reader to reader", form
    return None
