"""The section [clients] of newsletter.toml: which mail programs the readers use, as shares that need not sum up to 100.

A key is a family (`gmail`), or one platform of it (`"outlook.windows"`); both are names of caniemail.com.
"""

from __future__ import annotations

import math
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from newsletter.model.mail_programs import FAMILIES, PROGRAMS, platforms_of
from newsletter.validate import nearest

_NAMES = (*FAMILIES, *PROGRAMS)


def _known(name: str) -> str:
    if platforms_of(name):
        return name
    guess = nearest(name, _NAMES)
    family = name.partition(".")[0]
    known = platforms_of(family) if family in FAMILIES else tuple(FAMILIES)
    fix = f"Did you mean `{guess}`?" if guess else f"Known are: {', '.join(known)}."
    raise ValueError(f"there is no mail program `{name[:60]}` | {fix}")


def _share(value: object) -> object:
    if isinstance(value, bool | str) or (isinstance(value, float) and not math.isfinite(value)):
        raise ValueError("a share is a number | Write one such as 40, without quotes and without %.")
    return value


def _flat(value: Any) -> Any:  # noqa: ANN401 - whatever the file says
    """`outlook.windows = 15` without quotes is a table within a table: it means the same."""
    if not isinstance(value, dict):
        return value
    flat: dict[Any, Any] = {}
    for name, share in value.items():
        flat |= {f"{name}.{inner}": one for inner, one in share.items()} if isinstance(share, dict) else {name: share}
    return flat


def _somebody(shares: dict[str, float]) -> dict[str, float]:
    if shares and not any(shares.values()):
        raise ValueError("all shares are 0, so there are no readers | Give one a share, or leave the section out.")
    return shares


ClientShares = Annotated[
    dict[
        Annotated[str, AfterValidator(_known)],
        Annotated[float, BeforeValidator(_share), Field(ge=0, le=1_000_000_000)],
    ],
    BeforeValidator(_flat),
    AfterValidator(_somebody),
]
