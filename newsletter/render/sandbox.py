"""Where templates run: nothing outside in reach, and no sum, text or loop of a size that no mail needs.

A workspace's templates are its own, but they may come from anywhere; a slip in one must not stop a server for hours.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from jinja2.filters import do_center, do_format
from jinja2.sandbox import ImmutableSandboxedEnvironment

if TYPE_CHECKING:
    from collections.abc import Callable

    from jinja2.runtime import Context

#: letters or items of what is multiplied or filled up, and the bits of a power
_LONGEST = 100_000
#: numbers that all loops of one mail together may count
_MOST_COUNTED = 1_000_000
_FILLING = frozenset({"center", "expandtabs", "ljust", "rjust", "zfill"})
_NUMBER = re.compile(r"[0-9]+")
#: a width that is not written in the text itself
_WIDTH_ELSEWHERE = re.compile(r"%[^%a-zA-Z]*\*|\{[^{}]+\{")


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's own sandbox limits one `range`; this one all of them together, and what can be made with one expression.

    Whatever is refused raises OverflowError.
    """

    intercepted_binops = frozenset({"*", "**", "%"})

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - Jinja's own
        super().__init__(**options)
        self._counted = 0
        self.globals["range"] = self._range
        self.filters |= {"center": _center, "format": _format}

    def _range(self, *numbers: int) -> range:
        counted = range(*numbers)
        self._counted += len(counted)
        _refuse_giants(self._counted / _MOST_COUNTED * _LONGEST)
        return counted

    def call_binop(self, context: Context, operator: str, left: object, right: object) -> Any:  # noqa: ANN401
        _refuse_giants(_size(operator, left, right))
        return super().call_binop(context, operator, left, right)

    def call(__self, __context: Context, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401, N805 - Jinja's names
        if isinstance(getattr(__obj, "__self__", None), str) and __obj.__name__ in _FILLING:
            _refuse_giants(max((one for one in args if isinstance(one, int)), default=0))
        return super().call(__context, __obj, *args, **kwargs)

    def wrap_str_format(self, value: Any) -> Callable[..., str] | None:  # noqa: ANN401
        text = getattr(value, "__self__", None)
        if isinstance(text, str) and value.__name__ in {"format", "format_map"}:
            _refuse_giants(_width(text))
        return super().wrap_str_format(value)


def _center(value: str, width: int = 80) -> str:
    _refuse_giants(width)
    return do_center(value, width)


def _format(value: str, *args: Any, **kwargs: Any) -> str:  # noqa: ANN401
    _refuse_giants(_width(value))
    return do_format(value, *args, **kwargs)


def _refuse_giants(size: float) -> None:
    if size > _LONGEST:
        msg = "this would make something longer than any mail"
        raise OverflowError(msg)


def _size(operator: str, left: object, right: object) -> float:
    """Letters or items of a product, bits of a power, the width that a text is formatted to; 0 for all other numbers."""
    if operator == "%":
        return _width(left) if isinstance(left, str) else 0
    if operator == "**":
        return left.bit_length() * abs(right) if isinstance(left, int) and isinstance(right, int) else 0
    for many, times in ((left, right), (right, left)):
        if isinstance(many, str | list | tuple) and isinstance(times, int):
            return len(many) * times
    return 0


def _width(text: str) -> float:
    """The largest number in a pattern; one that stands elsewhere may be any."""
    if _WIDTH_ELSEWHERE.search(text):
        return float("inf")
    return max((float(number) for number in _NUMBER.findall(text)), default=0)
