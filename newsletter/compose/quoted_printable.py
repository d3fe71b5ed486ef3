"""Text -> quoted-printable bytes (RFC 2045 section 6.7) that need no dot-stuffing and no 8BITMIME.

Every row is at most 76 octets, pure ASCII, and starts neither with `.` (SMTP would double it) nor with `From `
(mailbox files would change it). Written by hand because `binascii.b2a_qp` leaves leading dots and breaks rows at 76.
"""

from __future__ import annotations

SOFT_BREAK = b"=\r\n"

#: room for the two octets of an escaped first character and for the `=` of a soft break
_ROW = 73
_ESCAPED = tuple(b"=%02X" % octet for octet in range(256))
_AS_IT_STANDS = frozenset(range(0x20, 0x7F)) - {ord("=")} | {ord("\t")}
_UNITS = tuple(bytes([octet]) if octet in _AS_IT_STANDS else _ESCAPED[octet] for octet in range(256))


def encode(text: str) -> bytes:
    """The text in quoted-printable, UTF-8; line feeds become CRLF, a lone carriage return is kept as `=0D`."""
    return b"\r\n".join(_line(line) for line in text.replace("\r\n", "\n").split("\n"))


def _line(line: str) -> bytes:
    units = [_UNITS[octet] for octet in line.encode()]
    if units and units[-1] in {b" ", b"\t"}:
        units[-1] = _ESCAPED[units[-1][0]]
    return SOFT_BREAK.join(_rows(units))


def _rows(units: list[bytes]) -> list[bytes]:
    rows: list[bytes] = []
    row: list[bytes] = []
    width = 0
    for unit in units:
        if width + len(unit) > _ROW:
            rows.append(_harmless(b"".join(row)))
            row, width = [], 0
        row.append(unit)
        width += len(unit)
    return [*rows, _harmless(b"".join(row))]


def _harmless(row: bytes) -> bytes:
    if row.startswith((b".", b"From ")):
        return _ESCAPED[row[0]] + row[1:]
    return row
