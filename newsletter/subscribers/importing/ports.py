"""What an import needs of a store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence, Set
    from contextlib import AbstractContextManager

    from newsletter.model.import_plan import Found, Plan
    from newsletter.model.importing import Known, Orders, Row
    from newsletter.model.subscriber import SuppressionReason


class Looked(Protocol):
    """What is known of the people of some rows. Rows are meant by their places."""

    @property
    def found(self) -> Sequence[Found]:
        """Those who are subscribers."""

    @property
    def suppressed(self) -> Mapping[int, SuppressionReason]: ...

    def differing(self, found: Sequence[Found]) -> Set[int]:
        """Of these the places of rows that say something of their person that is not so yet, tags aside."""

    def tags(self, numbers: Sequence[int]) -> Mapping[int, frozenset[str]]:
        """Number of a subscriber -> keys of their tags; those without any are not in it."""

    def closer(self, found: Sequence[Found]) -> Mapping[int, Known]:
        """Everything about these; place -> what is known, without tags."""


class ImportSession(Protocol):
    def carry_out(self, rows: Sequence[Row], planning: Callable[[Looked], Plan]) -> Plan:
        """One transaction: look the people up, let `planning` plan, carry that out and return it.

        Each person has one row at most. What was looked up stays true until the end of the transaction.
        """


class SubscriberStore(Protocol):
    def importing(self, orders: Orders, *, dry_run: bool) -> AbstractContextManager[ImportSession]:
        """One import. With `dry_run` nothing is written.

        Raises:
            ConsentRefused: the list takes nobody in.
        """
