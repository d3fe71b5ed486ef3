"""No order of joining, confirming, importing, leaving, suppressing, lifting, erasing and moving mails who said no last."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from itertools import count
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from newsletter.cli.subscribers.add import Wanted, add_person
from newsletter.cli.subscribers.edit import move_person
from newsletter.errors import ConsentRefused
from newsletter.model.consent import Said
from newsletter.model.identity import identity
from newsletter.model.segment import Audience
from newsletter.model.subscriber import ConsentSource, OptIn, SuppressionReason
from newsletter.model.suppressing import ONLY_UNDELIVERABLE
from newsletter.store import suppressions
from newsletter.store import tables as t
from newsletter.store.audiences import audience, crowds
from newsletter.store.ledger import claiming
from newsletter.store.people import consent, editing, erasing, lists, subscribers
from newsletter.store.suppressions import lifting
from newsletter.subscribers.consent import confirm, leave, request
from newsletter.subscribers.editing import Edit
from tests.support.mailing import MailingDesk
from tests.support.readers import KEYS, NOW, hash_of

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.model.subscriber import MailingList
    from newsletter.store.database import Store

#: `news` asks for a confirmation, `running` does not
LISTS = ("news", "running")
#: the second one is there to be moved to, and to be mistaken for the first
ADDRESSES = 2
#: how a person, or staff, say that an address is never to be mailed
NEVER = ("left everything", "erased", SuppressionReason.COMPLAINT, SuppressionReason.HARD_BOUNCE)
_EXAMPLES = count(1)

names = st.sampled_from(LISTS)
people = st.sampled_from((0, 0, 0, 1))


@dataclass
class Stand:
    """What was said of one address. `said` is the last word on each list: True for yes, False for no."""

    known: bool = False
    said: dict[str, bool | None] = field(default_factory=dict)
    #: requests by list that nothing took back
    asks: dict[str, set[int]] = field(default_factory=lambda: {name: set() for name in LISTS})
    #: suppressed; `no` also when the person, or staff for them, said so, not only a mailbox that does not answer
    never: bool = False
    no: bool = False
    #: the person whose address this was until they got another one, while nothing else was said of it
    left_by: Stand | None = None

    def refuse(self, name: str) -> None:
        self.said[name] = False
        self.asks[name].clear()

    def suppress(self, *, no: bool) -> None:
        self.never, self.no, self.left_by = True, self.no or no, None
        for asked in self.asks.values():
            asked.clear()

    def wants(self, name: str) -> bool:
        return self.said.get(name) is True and not self.never


class WhoSaidNo(RuleBasedStateMachine):
    """The model knows nothing of events or statuses: only who said what last."""

    links = Bundle("links")
    desk: MailingDesk

    def __init__(self) -> None:
        super().__init__()
        self.store = self.desk.store
        self.example = next(_EXAMPLES)
        self.stands = {f"p{self.example}.{n}@example.org": Stand() for n in range(ADDRESSES)}
        self.now = NOW + timedelta(days=self.example)
        self.started: int | None = None

    def teardown(self) -> None:
        """Real mailings: one that began in the middle, and one that begins now."""
        if self.started is not None:
            with self.store.write() as connection:
                claiming.sendable(connection, self.started, 1, 10_000_000, self.now)
            assert self.planned(self.started) <= self.wanting(*LISTS)
        assert self.planned(self.plan()) == self.wanting(*LISTS)

    @rule(who=people, name=names, agreed=st.booleans())
    def import_(self, who: int, name: str, agreed: bool) -> None:
        address, stand = self.person(who)
        shouted = address.upper()
        self.desk.import_(f"email\n{shouted}\n", to=name, agreed="Signed the form" if agreed else None, now=self.now)
        if not stand.never:
            stand.known = True
            stand.said[name] = stand.said.get(name) if stand.said.get(name) is False else agreed or stand.said.get(name)

    @rule(
        who=people, name=names, says=st.sampled_from(("unsubscribed", "opted out", "pending", "bounced", "complained"))
    )
    def import_what_another_system_says(self, who: int, name: str, says: str) -> None:
        """A stated ground makes nobody subscribed whose row says that they are not."""
        address, stand = self.person(who)
        rows = f"email,status\n{address},{says}\n"
        self.desk.import_(rows, to=name, agreed="Signed the form", now=self.now)
        left = says in {"unsubscribed", "opted out"}
        if says in {"bounced", "complained"}:
            if name in stand.said:
                stand.refuse(name)
            stand.suppress(no=says == "complained")
        elif not stand.never:
            stand.known = True
            if not left:
                stand.said.setdefault(name, None)
            elif stand.said.get(name) is not False:
                stand.refuse(name)

    @rule(who=people, name=names, grounded=st.booleans(), rejoin=st.booleans())
    def add_by_hand(self, who: int, name: str, grounded: bool, rejoin: bool) -> None:
        address, stand = self.person(who)
        said = self.by(ConsentSource.BY_HAND, "Rang us" if grounded else "")
        wanted = Wanted(address=address, lists=[name], edit=Edit(), said=said, rejoin=rejoin)
        left = stand.said.get(name) is False
        if stand.never or (left and not (grounded and rejoin)):
            with pytest.raises(ConsentRefused):
                add_person(self.store, KEYS, wanted, self.now)
            return
        add_person(self.store, KEYS, wanted, self.now)
        stand.known = True
        stand.said[name] = grounded or stand.said.get(name)

    @rule(target=links, who=people, name=names)
    def ask_to_join(self, who: int, name: str) -> object:
        address, stand = self.person(who)
        if stand.never:
            return multiple()
        key = hash_of(address)
        with self.store.write() as connection:
            person, _ = editing.add(
                connection, public_id=f"{self.now:%j%H%M}-{key}"[:32], identity_hash=key, address=address, now=self.now
            )
            said = self.by(ConsentSource.PAGE)
            moved = consent.carry_out(connection, person.number, self.list_(name).number, request, said)
        stand.known = True
        if name == "running" and stand.said.get(name) is not False:
            stand.said[name] = True
            return multiple()
        if stand.wants(name):
            return multiple()
        stand.said.setdefault(name, None)
        assert moved.event is not None
        stand.asks[name].add(moved.event)
        return person.number, name, moved.event

    @rule(link=links)
    def use_a_confirmation_link(self, link: tuple[int, str, int]) -> None:
        """At any time, however often."""
        number, name, event = link
        with self.store.write() as connection:
            gone = t.subscribers.c.erased_at.is_not(None)
            if connection.scalar(select(t.subscribers.c.number).where(t.subscribers.c.number == number, gone)):
                return
            decide = partial(confirm, request=event)
            said = self.by(ConsentSource.CONFIRMATION)
            consent.carry_out(connection, number, self.list_(name).number, decide, said)
        for stand in self.stands.values():
            if event in stand.asks[name]:
                stand.said[name] = True

    @rule(who=people, chosen=st.sets(names, min_size=1))
    def leave_lists(self, who: int, chosen: set[str]) -> None:
        address, stand = self.person(who)
        if not stand.known:
            return
        numbers = [self.list_(name).number for name in chosen]
        with self.store.write() as connection:
            consent.leave(connection, self.number(address), numbers, ConsentSource.ONE_CLICK, None, self.now)
        for name in chosen & stand.said.keys():
            stand.refuse(name)

    @rule(who=people, name=names)
    def leave_by_hand(self, who: int, name: str) -> None:
        """Also a list that they were never on."""
        address, stand = self.person(who)
        if not stand.known:
            return
        with self.store.write() as connection:
            said = self.by(ConsentSource.BY_HAND)
            consent.carry_out(connection, self.number(address), self.list_(name).number, leave, said)
        stand.refuse(name)

    @rule(who=people, how=st.sampled_from(NEVER))
    def never_again(self, who: int, how: str | SuppressionReason) -> None:
        address, stand = self.person(who)
        with self.store.write() as connection:
            if isinstance(how, SuppressionReason):
                suppressions.add(connection, hash_of(address), identity(address), how, "the tests", self.now)
            elif how == "erased":
                erasing.erase(connection, hash_of(address), address, self.now)
            elif stand.known:
                consent.leave_everything(connection, self.number(address), ConsentSource.PAGE, None, self.now)
            else:
                return
        if how == "erased":
            self.stands[address] = stand = Stand()
        if how == "left everything":
            for name in stand.said:
                stand.refuse(name)
        stand.suppress(no=how not in ONLY_UNDELIVERABLE)

    @precondition(lambda self: any(stand.never for stand in self.stands.values()))
    @rule(who=people)
    def lift(self, who: int) -> None:
        address, stand = self.person(who)
        with self.store.write() as connection:
            lifting.lift(connection, hash_of(address), "They asked", self.now)
        if stand.no:
            for name in stand.said:
                stand.refuse(name)
        stand.never, stand.no, stand.left_by = False, False, None

    @rule(who=st.sampled_from((0, 1)))
    def move_to_the_other_address(self, who: int) -> None:
        (old, stand), (new, other) = self.person(who), self.person(1 - who)
        if not stand.known:
            return
        move = partial(move_person, keys=KEYS, address=new, said=self.by(ConsentSource.BY_HAND))
        with self.store.write() as connection:
            person = subscribers.by_number(connection, self.number(old))
            if stand.no or other.known or (other.never and other.left_by is not stand):
                with pytest.raises(ConsentRefused):
                    move(connection, person=person)
                return
            move(connection, person=person)
        self.stands[new], self.stands[old] = stand, Stand()
        self.stands[old].suppress(no=True)
        self.stands[old].left_by = None if stand.never else stand
        stand.never = False
        for asked in stand.asks.values():
            asked.clear()

    @precondition(lambda self: self.started is None)
    @rule()
    def begin_a_mailing(self) -> None:
        self.started = self.plan()
        assert self.planned(self.started) == self.wanting(*LISTS)

    @invariant()
    def those_who_would_be_mailed_are_those_who_said_yes_last(self) -> None:
        self.now += timedelta(minutes=1)
        for name in LISTS:
            with self.store.read() as connection:
                crowd = crowds.everybody_in(connection, Audience(lists=(self.list_(name).number,)), rows=True)
                mailed = crowd.query.where(~crowds.is_suppressed(connection, crowd.number))
                addresses = set(connection.scalars(mailed.with_only_columns(t.subscribers.c.address)))
            assert self.ours(addresses) == self.wanting(name)

    def person(self, who: int) -> tuple[str, Stand]:
        address = f"p{self.example}.{who}@example.org"
        return address, self.stands[address]

    def by(self, source: ConsentSource, ground: str = "") -> Said:
        return Said(source=source, at=self.now, recorded_at=self.now, ground=ground)

    def list_(self, name: str) -> MailingList:
        return self.desk.lists[name]

    def number(self, address: str) -> int:
        return self.desk.get(address).number

    def wanting(self, *chosen: str) -> set[str]:
        return {address for address, stand in self.stands.items() if any(stand.wants(name) for name in chosen)}

    def ours(self, addresses: set[str]) -> set[str]:
        """Of this example, in small letters."""
        return {address.lower() for address in addresses} & self.stands.keys()

    def plan(self) -> int:
        return self.desk.plan(f"issue-{self.example}-{self.now:%j%H%M}", LISTS, size=1000)

    def planned(self, mailing: int) -> set[str]:
        """Who gets it."""
        with self.store.read() as connection:
            query = (
                select(t.subscribers.c.address)
                .join(t.deliveries, t.deliveries.c.subscriber == t.subscribers.c.number)
                .where(t.deliveries.c.mailing == mailing, ~audience.has_own_outcome())
                .where(t.subscribers.c.address.is_not(None))
            )
            return self.ours(set(connection.scalars(query)))


@pytest.mark.thorough
def test_nobody_who_said_no_last_is_mailed(store: Store, tmp_path: Path) -> None:
    desk = MailingDesk(store, tmp_path)
    with store.write() as connection:
        lists.change(connection, replace(desk.lists["running"], opt_in=OptIn.SINGLE))
    here = type("WhoSaidNoHere", (WhoSaidNo,), {"desk": desk})
    run_state_machine_as_test(here, settings=settings(max_examples=15, stateful_step_count=20))
