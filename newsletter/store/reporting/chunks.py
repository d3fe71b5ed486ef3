"""Chunks of a mailing, in a form by which their deliveries are found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from newsletter.store import tables as t

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Subquery


def chunks_of(mailing: int, *which: ColumnElement[bool]) -> Subquery:
    """`first` and `last` of each. The offset, which does nothing, keeps databases from looking through all chunks for each
    delivery instead of the deliveries for each chunk: that takes a hundred times as long.
    """
    chunk = t.chunks.c
    return select(chunk.first, chunk.last).where(chunk.mailing == mailing, *which).offset(0).subquery()
