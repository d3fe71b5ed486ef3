"""What may have left when a write fails: what was written, and with TLS all that one record carries."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING, Any

import pytest

from newsletter.esp.smtp.session import Broken, Session

if TYPE_CHECKING:
    from collections.abc import Sequence

#: RFC 8446 section 5.1
RECORD = 16_384


class _Takes:
    """A connection that takes so many octets, in these pieces, and breaks."""

    pieces: list[int]

    def settimeout(self, _seconds: float | None) -> None: ...

    def close(self) -> None: ...

    def send(self, data: Any, _flags: int = 0) -> int:
        if not self.pieces:
            raise ConnectionResetError
        return min(self.pieces.pop(0), len(data))


class _TakesWithTls(_Takes, ssl.SSLSocket): ...


def doubtful(kind: type[_Takes], pieces: Sequence[int], size: int, decisive: int | None) -> bool:
    line = kind.__new__(kind)
    line.pieces = list(pieces)
    session = Session()  # connected to nothing
    session.sock = line  # type: ignore[assignment]
    with pytest.raises(Broken) as broken:
        session.write(b"x" * size, decisive)
    session.sock = None
    return broken.value.doubtful


@pytest.mark.parametrize(
    ("written", "decisive", "plain", "encrypted"),
    [
        (0, 40_000, False, False),
        (40_000 - RECORD - 1, 40_000, False, False),
        (40_000 - RECORD, 40_000, False, True),
        (39_999, 40_000, False, True),
        (40_000, 40_000, True, True),
        (45_000, 40_000, True, True),
        (45_000, None, False, False),
        (0, 1_000, False, True),
    ],
)
def test_a_write_that_fails_is_doubtful_if_a_whole_message_may_have_left(
    written: int, decisive: int | None, plain: bool, encrypted: bool
) -> None:
    pieces = [part for part in (written // 2, written - written // 2) if part]
    assert doubtful(_Takes, pieces, 50_000, decisive) is plain
    assert doubtful(_TakesWithTls, pieces, 50_000, decisive) is encrypted
