"""Web addresses within plain words: `https://example.org/a`, `www.example.org`, `example.org/a`, and no file names or slips."""

from __future__ import annotations

import re

#: endings that make of words with a dot a web address: `example.org`, but not `Node.js` or `report.md`
_ENDINGS = (
    "com|org|net|edu|gov|int|info|biz|eu|uk|de|at|ch|li|fr|es|it|pt|nl|be|lu|ie|il|us|ca|au|nz|mx|br|ar|cl|pe|pl|cz|sk|hu|"
    "ro|bg|hr|si|gr|tr|dk|se|fi|ee|lv|lt|ua|ru|jp|cn|kr|in|za|health|clinic|care|doctor|hospital|physio|dental|fit|life|"
    "online|site|shop|store|news|blog|app|berlin|wien|example|test"
)
_REST = r"(?:[/?#][^\s<>\"]{0,2000})?"
#: the label before the ending has three letters or more: `e.g.in` is a slip of the space bar
_NAME = rf"(?:[A-Za-z0-9-]{{1,63}}\.){{0,4}}[A-Za-z0-9-]{{3,63}}\.(?:{_ENDINGS})(?![\w@-])(?!\.\w)"
_FULL = r"(?:[Hh][Tt][Tt][Pp][Ss]?://|[Ww][Ww][Ww]\.(?=[\w-]{2,63}\.))[^\s<>\"]{1,2000}"
_ANYWHERE = re.compile(rf"(?<![\w@./=&%-])(?:{_FULL}|{_NAME}{_REST})")
_WHOLE = re.compile(rf"{_NAME}{_REST}")
#: what ends the sentence, not the address
_AFTER = ".,;:!?'\"“”„»…*_"


def addresses_in(text: str) -> list[tuple[int, str]]:
    """Offset and address of each, without the punctuation behind it. With a capital letter it is a name, such as Booking.com."""
    found = ((match.start(), without_end(match[0])) for match in _ANYWHERE.finditer(text))
    return [(offset, address) for offset, address in found if is_written_out(address) or not address[0].isupper()]


def without_end(address: str) -> str:
    """Closing brackets stay where the address has the opening one."""
    shorter = address.rstrip(_AFTER)
    while shorter.endswith((")", "]", "}")) and shorter.count(shorter[-1]) > shorter.count(_OPENING[shorter[-1]]):
        shorter = shorter[:-1].rstrip(_AFTER)
    return shorter


_OPENING = {")": "(", "]": "[", "}": "{"}


def is_written_out(address: str) -> bool:
    """With https://, www. or a path: meant as an address, not the name of a firm such as Example.com."""
    return "/" in address or address.lower().startswith("www.")


def host_of_words(words: str) -> str:
    """The host that the words of a link show; empty where they show none."""
    if found := re.search(_FULL, words):
        return host_in(without_end(found[0]))
    whole = without_end(words)
    return host_in(whole) if _WHOLE.fullmatch(whole) else ""


def host_in(address: str) -> str:
    """In small letters and ASCII, as targets have it."""
    bare = re.sub(r"^https?://", "", address, flags=re.IGNORECASE)
    host = re.split(r"[/?#:]", bare, maxsplit=1)[0].rpartition("@")[2].lower().rstrip(".")
    try:
        return host.encode("idna").decode()
    except UnicodeError:
        return host
