"""What `newsletter doctor` finds: each with what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class State(StrEnum):
    OK = "ok"
    WARNING = "warning"
    WRONG = "wrong"
    UNSEEN = "not looked at"


@dataclass(frozen=True, kw_only=True)
class Record:
    """One to add to the DNS, as the forms of registrars ask for it."""

    name: str
    type: str
    value: str

    def as_json(self) -> dict[str, str]:
        return {"name": self.name, "type": self.type, "value": self.value}


@dataclass(frozen=True, kw_only=True)
class Finding:
    """`what` is a sentence without its end, `fix` one with it. Neither holds a reader's address, a token or a secret."""

    #: such as `spf-missing`; docs/doctor.md explains each
    code: str
    area: str
    state: State
    what: str
    fix: str = ""
    records: tuple[Record, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {
            "area": self.area,
            "code": self.code,
            "state": self.state.value,
            "what": self.what,
            "fix": self.fix,
            "records": [one.as_json() for one in self.records],
        }


@dataclass(frozen=True)
class Findings:
    """Makes findings of one area."""

    area: str

    def ok(self, code: str, what: str) -> Finding:
        return Finding(code=code, area=self.area, state=State.OK, what=what)

    def careful(self, code: str, what: str, fix: str, *records: Record) -> Finding:
        return Finding(code=code, area=self.area, state=State.WARNING, what=what, fix=fix, records=records)

    def wrong(self, code: str, what: str, fix: str, *records: Record) -> Finding:
        return Finding(code=code, area=self.area, state=State.WRONG, what=what, fix=fix, records=records)

    def unseen(self, code: str, what: str, fix: str = "") -> Finding:
        return Finding(code=code, area=self.area, state=State.UNSEEN, what=what, fix=fix)
