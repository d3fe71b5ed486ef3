"""What must be right before real mail leaves; the pages are the real ones, behind TLS."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest

from newsletter.errors import NotReadyForReaders
from newsletter.keys import Keys
from newsletter.model.rendered import ImageFile
from newsletter.pipeline.refusing import refuse_unless_ready, refuse_unless_still_ready
from newsletter.probe.pages import Pages
from newsletter.settings import Workspace
from newsletter.store import mailings as stored_mailings
from newsletter.store import tables as t
from newsletter.store import witness
from tests.support.https_site import https_site, make_certificate
from tests.support.mailing import ScriptedSender
from tests.web.sample_mailing import a_letter, client, copy_database, sample_mailing, settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from newsletter.model.refusal import Refusal
    from newsletter.model.rendered import Rendered
    from tests.support.https_site import Reply, Site
    from tests.web.sample_mailing import SampleMailing

OURS = {
    "name": "Larkmeadow Clinic",
    "address": "letters@larkmeadow.org",
    "postal_address": "12 Meadow Lane, Springfield, CA 90001",
}
STAIRS = ImageFile(name="0123-600.png", media_type="image/png", content=b"12345")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("tls") / "server.pem")


@dataclass
class House:
    """A workspace whose pages are served, and a sender that reaches people."""

    site: Site
    mailing: SampleMailing
    folder: Path
    sender: ScriptedSender

    def serve(self, mailing: SampleMailing) -> None:
        """The real pages."""
        web = client(mailing.app)

        def answer(method: str, path: str, body: bytes) -> Reply:
            kind = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
            got = web.request(method, path, content=body, headers=kind)
            return got.status_code, dict(got.headers), got.content

        self.site.answer = answer

    def refusals(self, *senders: Any, pictures: tuple[ImageFile, ...] = (), **sections: Any) -> list[Refusal]:
        place = self.place(**sections)
        try:
            refuse_unless_ready(
                place,
                self.mailing.store,
                self.mailing.keys,
                senders or (self.sender,),
                [self.letter(place)],
                pictures,
                self.pages(),
            )
        except NotReadyForReaders as why:
            return list(why.refusals)
        return []

    def place(self, **sections: Any) -> Workspace:
        given = settings(self.site.base_url, **({"sender": OURS} | sections))
        return Workspace(folder=self.folder, settings=given, secrets={})

    def letter(self, place: Workspace) -> Rendered:
        own = place.settings.sender
        return replace(a_letter(), from_address=own.address, reply_to=own.reply_to or own.address)

    def pages(self) -> Pages:
        return Pages(base_url=self.site.base_url, requests=self.site.requests())

    def names(self) -> set[str]:
        """Of all stored images."""
        with self.mailing.store.read() as connection:
            return set(connection.scalars(t.images.select().with_only_columns(t.images.c.name)))


@pytest.fixture
def house(finished: Path, certificate: Path, tmp_path: Path) -> Iterator[House]:
    copy_database(finished, tmp_path)
    mailing = sample_mailing(tmp_path)
    with https_site(certificate) as site:
        made = House(site, mailing, tmp_path, ScriptedSender(real=True))
        made.serve(mailing)
        yield made
    mailing.store.close()


@pytest.fixture(scope="module")
def finished(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    import shutil

    folder = tmp_path_factory.mktemp("mailing")
    shutil.copy(migrated_sqlite, folder)
    sample_mailing(folder).store.close()
    return folder / "newsletter.db"


def whys(found: list[Refusal]) -> list[str]:
    return [one.why for one in found]


def test_nothing_is_refused_where_all_is_well_and_asking_changes_nothing(house: House) -> None:
    before = house.mailing.rows()
    assert house.refusals() == []
    assert [(method, path[:3]) for method, path, _ in house.site.asked] == [
        *(("GET", "/u/"), ("POST", "/u/"), ("GET", "/u/")),
    ]
    assert house.mailing.rows() == before


def test_images_are_stored_so_that_the_pages_show_them_when_they_are_looked_at(house: House) -> None:
    assert house.refusals(pictures=(STAIRS,)) == []
    assert ("HEAD", f"/i/{STAIRS.name}", b"") in house.site.asked
    assert STAIRS.name in house.names()


def test_pages_that_work_on_an_older_copy_of_the_database_are_found_out(house: House) -> None:
    here = house.mailing
    (house.folder / "elsewhere").mkdir()
    copy_database(house.folder / "newsletter.db", house.folder / "elsewhere")
    with here.store.write() as connection:
        witness.renew(connection)
    there = sample_mailing(house.folder / "elsewhere")
    house.serve(there)
    [why] = whys(house.refusals())
    assert why.startswith("the pages work on another database than this one")
    there.store.close()


def test_what_is_planned_while_we_look_is_no_other_database(house: House) -> None:
    real = house.site.answer

    def plan_meanwhile(method: str, path: str, body: bytes) -> Reply:
        with house.mailing.store.write() as connection:
            witness.renew(connection)
        return real(method, path, body)

    house.site.answer = plan_meanwhile
    assert house.refusals() == []


def test_pages_that_use_another_database_are_found_out_by_an_image(house: House) -> None:
    real = house.site.answer
    house.site.answer = lambda method, path, body: (404, {}, b"") if "/i/" in path else real(method, path, body)
    [why] = whys(house.refusals(pictures=(STAIRS,)))
    assert f"{STAIRS.name} (status 404)" in why


def test_images_that_travel_inside_the_mail_are_neither_stored_nor_asked_for(house: House) -> None:
    house.sender.embeds = True
    assert house.refusals(pictures=(STAIRS,)) == []
    assert STAIRS.name not in house.names()
    assert not any(path.startswith("/i/") for _, path, _ in house.site.asked)


def test_one_sender_of_two_that_does_not_embed_is_enough(house: House) -> None:
    inside, outside = ScriptedSender(real=True, embeds=True), ScriptedSender(real=True)
    house.refusals(inside, outside, pictures=(STAIRS,))
    assert ("HEAD", f"/i/{STAIRS.name}", b"") in house.site.asked


def test_a_sender_that_reaches_nobody_is_not_asked_for_anything(house: House) -> None:
    house.sender.real = False
    wrong: Mapping[str, Any] = {"sender": OURS | {"address": "letters@example.org", "postal_address": "TODO"}}
    assert house.refusals(pictures=(STAIRS,), **wrong) == []
    assert house.site.asked == []
    assert STAIRS.name not in house.names()


@pytest.mark.parametrize("real", [(True, False), (False, True)])
def test_two_senders_of_which_one_reaches_nobody_are_refused(real: tuple[bool, bool], house: House) -> None:
    senders = [ScriptedSender(real=one, name=f"number{n}") for n, one in enumerate(real)]
    [why] = whys(house.refusals(*senders))
    assert f"number{real.index(False)} sends nothing" in why


def test_another_secret_on_the_server_is_found_out(house: House) -> None:
    house.mailing = replace(house.mailing, keys=Keys(["another secret"]))
    assert whys(house.refusals()) == ["the unsubscribe page answers with status 404"]


def test_everything_that_is_wrong_is_told_at_once(house: House) -> None:
    house.site.answer = lambda *_: (502, {}, b"")
    sender = {"name": "C", "address": "a@example.org", "reply_to": "b@news.test", "postal_address": "TODO street"}
    found = house.refusals(sender=sender, mailbox={"address": "bounces@larkmeadow.org"})
    assert [why.split(" ")[0] for why in whys(found)] == [
        *("sender.postal_address", "a@example.org", "b@news.test", "[mailbox]", "the"),
    ]
    assert all(one.next_step for one in found)


@pytest.mark.parametrize(
    "text",
    [
        *("TODO street, town, postcode", "[your address]", "Your postal address", "Ihre Adresse", "...", "12 345", "-"),
        *("12 Example Street, Springfield", "Musterstraße 1, 12345 Musterstadt", "1 Main Street, Anytown"),
    ],
)
def test_a_postal_address_that_is_none_is_refused(text: str, house: House) -> None:
    [why] = whys(house.refusals(sender=OURS | {"postal_address": text}))
    assert why.startswith("sender.postal_address is")


@pytest.mark.parametrize(
    "text", ["Postfach 12, 10115 Berlin", "北京市朝阳区建国路1号", "Examplar Road 3, York", "Mustergasse 2"]
)
def test_a_postal_address_in_any_tongue_is_fine(text: str, house: House) -> None:
    assert house.refusals(sender=OURS | {"postal_address": text}) == []


@pytest.mark.parametrize(
    "domain",
    [
        *("example.org", "mail.example.com", "EXAMPLE.net", "clinic.test", "clinic.invalid", "clinic.example"),
        *("mail.localhost", "praxis.local", "mail.internal"),
    ],
)
def test_a_domain_that_nobody_can_have_is_refused(domain: str, house: House) -> None:
    letter = replace(house.letter(house.place()), from_address=f"letters@{domain}")
    with pytest.raises(NotReadyForReaders) as why:
        refuse_unless_ready(
            house.place(), house.mailing.store, house.mailing.keys, (house.sender,), [letter], (), house.pages()
        )
    [refusal] = why.value.refusals
    assert "for examples and tests" in refusal.why


@pytest.mark.parametrize("domain", ["larkmeadow.org", "myexample.org", "example.de", "contest", "latest.org"])
def test_a_domain_that_only_looks_like_one_is_fine(domain: str, house: House) -> None:
    letter = replace(house.letter(house.place()), from_address=f"letters@{domain}")
    refuse_unless_ready(
        house.place(), house.mailing.store, house.mailing.keys, (house.sender,), [letter], (), house.pages()
    )


@pytest.mark.parametrize(
    ("mailbox", "wrong"),
    [
        ({"address": "b@larkmeadow.org"}, True),
        ({"host": "imap.larkmeadow.org"}, True),
        ({"pipe": True}, True),
        ({"address": "b@larkmeadow.org", "pipe": True}, False),
        ({"address": "b@larkmeadow.org", "host": "imap.larkmeadow.org"}, False),
        ({}, False),
    ],
)
def test_a_mailbox_that_is_half_set_up_is_refused(mailbox: dict[str, Any], wrong: bool, house: House) -> None:
    assert len(house.refusals(mailbox=mailbox)) == wrong


class Signing(ScriptedSender):
    def why_unaligned(self, address: str) -> str:
        return f"{address.partition('@')[2]} is not authenticated"


def test_what_the_provider_knows_of_our_domain_is_asked(house: House) -> None:
    sender = Signing(real=True, name="signing")
    assert whys(house.refusals(sender)) == ["signing: larkmeadow.org is not authenticated"]
    sender.real = False
    assert house.refusals(sender) == []


def test_a_mailing_that_goes_on_is_asked_for_its_stored_bytes(house: House) -> None:
    with house.mailing.store.read() as connection:
        planned = stored_mailings.get(connection, house.mailing.number)
    with pytest.raises(NotReadyForReaders) as why:
        refuse_unless_still_ready(
            house.place(), house.mailing.store, house.mailing.keys, (house.sender,), planned, house.pages()
        )
    assert [one.why.split(" ")[0] for one in why.value.refusals] == ["letters@example.org"]
    assert [method for method, *_ in house.site.asked] == ["GET", "POST", "GET", "HEAD"]
