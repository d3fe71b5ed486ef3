"""An address that somebody typed into a page: what is wrong with it, what was probably meant, and how it is shown back."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from markupsafe import Markup

from newsletter.subscribers import typos
from newsletter.subscribers.addresses import checked_address
from newsletter.web.pages import isolated

_LONGEST = 320


@dataclass(frozen=True, kw_only=True)
class TypedAddress:
    """`error` is the key of a sentence, empty for an address that we can send to; `meant` is what it may be a slip of."""

    text: str
    error: str = ""
    meant: str = ""


def typed_address(text: str) -> TypedAddress:
    shown = unicodedata.normalize("NFC", text[:_LONGEST]).strip()
    if not shown:
        return TypedAddress(text="", error="join_address_missing")
    try:
        checked_address(shown)
    except ValueError:
        return TypedAddress(text=shown, error="join_address_wrong")
    domain = typos.hint(shown)
    return TypedAddress(text=shown, meant=f"{shown.rpartition('@')[0]}@{domain}" if domain else "")


def mailbox_of(address: str) -> str:
    """What the spellings of an address lead to at most providers: `a.d.a+news@` is `ada@`. Only for counting."""
    local, _, domain = address.rpartition("@")
    return f"{local.partition('+')[0].replace('.', '')}@{domain}"


def shown_address(address: str) -> Markup:
    """Within a sentence of any direction."""
    return Markup('<bdi dir="ltr">{}</bdi>').format(isolated(address)[1:-1])
