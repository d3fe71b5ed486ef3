"""Where templates run: nothing outside in reach, and no sum, text or loop of a size that no mail needs.

A workspace's templates are its own, but they may come from anywhere; a slip in one must not stop a server for hours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinja2.sandbox import ImmutableSandboxedEnvironment

if TYPE_CHECKING:
    from jinja2.runtime import Context

#: letters or items of what is multiplied, and the bits of a power
_LONGEST = 100_000
#: numbers that all loops of one mail together may count
_MOST_COUNTED = 1_000_000


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's own sandbox limits one `range`; this one all of them together, and what `*` and `**` make."""

    intercepted_binops = frozenset({"*", "**"})

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - Jinja's own
        super().__init__(**options)
        self._counted = 0
        self.globals["range"] = self._range

    def _range(self, *numbers: int) -> range:
        """The same as Python's.

        Raises:
            OverflowError: the loops count too far.
        """
        counted = range(*numbers)
        self._counted += len(counted)
        if self._counted > _MOST_COUNTED:
            msg = f"loops may count to {_MOST_COUNTED:,} in all"
            raise OverflowError(msg)
        return counted

    def call_binop(self, context: Context, operator: str, left: object, right: object) -> Any:  # noqa: ANN401
        """The value of `left operator right`.

        Raises:
            OverflowError: it would be too long.
        """
        if _size(operator, left, right) > _LONGEST:
            msg = f"`{operator}` makes something too long"
            raise OverflowError(msg)
        return super().call_binop(context, operator, left, right)


def _size(operator: str, left: object, right: object) -> float:
    """Letters or items of a product, bits of a power; 0 for all other numbers."""
    if operator == "**":
        return left.bit_length() * abs(right) if isinstance(left, int) and isinstance(right, int) else 0
    for many, times in ((left, right), (right, left)):
        if isinstance(many, str | list | tuple) and isinstance(times, int):
            return len(many) * times
    return 0
