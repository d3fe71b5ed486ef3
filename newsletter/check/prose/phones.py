"""Telephone numbers in the text: written alike, and not one digit off the practice's own."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsletter.check.prose.runs import every_run
from newsletter.check.rulebook import Finding, issue_rule
from newsletter.model.problem import Level
from newsletter.model.telephone import dialled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.rulebook import Content
    from newsletter.model.problem import Place

#: clinics have neighbouring numbers, and a fax beside the telephone
_FAX = re.compile(r"\bfax\b[^\d.;]{0,20}\Z", re.IGNORECASE)
_REACH = 30
#: North American numbers, and those that begin with + or 0; anything else may be a range, a date or a sum
_PHONE = re.compile(
    r"(?<![\w/.+(-])(?:(?:\+?1[ .-]?)?(?:\(\d{3}\)[ .-]?|\d{3}[ .-])\d{3}[ .-]\d{4}"
    r"|\+\d{1,3}(?:[ .-]?\(?\d{1,5}\)?){2,5}|0\d{1,4}[ /-]\d{2,4}(?:[ -]?\d{2,4}){1,3})(?![\w/@-])"
)
_FEWEST, _MOST = 7, 15


@dataclass(frozen=True, kw_only=True)
class _Phone:
    text: str
    digits: str
    at: Place | None
    is_fax: bool = False

    @property
    def shape(self) -> str:
        """`213-555-0142` -> `999-999-9999`."""
        return re.sub(r"\d", "9", self.text)


@issue_rule("phone-formats-mixed", Level.INFORMATION)
def phones_are_written_alike(content: Content) -> Iterator[Finding]:
    """Telephone numbers that are written in different ways.

    Choose one way; numbers that look alike are easier to recognise. The settings' own number is shown in the footer, so it
    counts too.

    Bad:

        Call 213-555-0142 for a visit and (213) 555-0167 for results.

    Good:

        Call 213-555-0142 for a visit and 213-555-0167 for results.
    """
    groups: dict[int, list[_Phone]] = {}
    for phone in (*_own(content), *_written(content)):
        groups.setdefault(len(phone.digits.lstrip("+")), []).append(phone)
    for group in groups.values():
        shapes = Counter(phone.shape for phone in group)
        usual = max(shapes, key=lambda shape: shapes[shape])
        model = next(phone.text for phone in group if phone.shape == usual)
        for phone in group:
            if phone.shape != usual and phone.at:
                message = f"{phone.text} is written in another way than {model}"
                yield Finding(at=phone.at, message=message, fix="Write all numbers in one way.")


@issue_rule("phone-differs", Level.INFORMATION)
def phones_are_the_practices_own(content: Content) -> Iterator[Finding]:
    """A telephone number that is one digit off the one in the settings.

    It may be another line of yours: then add it to `phone` in newsletter.toml. It may be a slip, and readers reach a stranger.
    Fax numbers are not looked at, and neither are neighbours of your own number: 555-0137 and 555-0138.
    `{{ sender.phone }}` in the text never differs.

    Bad:

        Call 213-555-0124 for a visit.

    Good:

        Call 213-555-0142 for a visit.
    """
    own = {phone.digits for phone in _own(content)}
    for phone in _written(content):
        near = next((one for one in own if _one_off(one, phone.digits)), None)
        if phone.digits not in own and near and phone.at and not phone.is_fax and not _is_next(near, phone.digits):
            message = f"{phone.text} is one digit off the number in the settings"
            fix = "Correct it, or add it to `phone` in newsletter.toml if it is another line of yours."
            yield Finding(at=phone.at, message=message, fix=fix)


def _own(content: Content) -> Iterator[_Phone]:
    for phone in content.settings.sender.phone:
        if found := _PHONE.search(phone):
            yield _Phone(text=found[0], digits=_digits(found[0]), at=None)


def _written(content: Content) -> Iterator[_Phone]:
    for run in every_run(content):
        for found in _PHONE.finditer(run.text):
            digits = _digits(found[0])
            if _FEWEST <= len(digits) <= _MOST:
                is_fax = bool(_FAX.search(run.text, max(0, found.start() - _REACH), found.start()))
                yield _Phone(text=found[0], digits=digits, at=run.place(found.start()), is_fax=is_fax)


def _digits(text: str) -> str:
    """As dialled at home: North American numbers without their 1."""
    digits = dialled(text)
    bare = digits.removeprefix("+")
    return bare[1:] if len(bare) == 11 and bare.startswith("1") else digits


def _one_off(one: str, other: str) -> bool:
    """One digit differs, or two neighbours are swapped."""
    if len(one) != len(other):
        return False
    wrong = [index for index, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    if len(wrong) == 1:
        return True
    return len(wrong) == 2 and wrong[1] == wrong[0] + 1 and one[wrong[0]] == other[wrong[1]] == one[wrong[0]]


def _is_next(one: str, other: str) -> bool:
    """The line beside: one more or one less in the last digit."""
    return one[:-1] == other[:-1] and abs(ord(one[-1]) - ord(other[-1])) == 1


RULES = (phones_are_written_alike, phones_are_the_practices_own)
