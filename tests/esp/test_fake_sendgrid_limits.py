"""The fake of SendGrid cannot silently become lax: each documented limit, just kept and just broken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.fakes.sendgrid import MAX_BYTES, RESERVED, FakeSendGrid
from tests.support.asking_sendgrid import JSON, Caller, complaint, person, request

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = 1_800_000_000.0
HOURS = 3600
TEXT, HTML = {"type": "text/plain", "value": "x"}, {"type": "text/html", "value": "<p>x</p>"}
CALENDAR = {"type": "text/calendar", "value": "BEGIN:VCALENDAR"}
FILE = {"content": "eHg=", "filename": "x.txt"}


@pytest.fixture(scope="module")
def fake() -> Iterator[FakeSendGrid]:
    with FakeSendGrid(clock=lambda: NOW) as server:
        yield server


@pytest.fixture(scope="module")
def caller(fake: FakeSendGrid) -> Iterator[Caller]:
    with Caller(fake.url) as one:
        yield one


def to(**who: Any) -> dict[str, Any]:
    return {"to": [who]}


def tagged(**substitutions: Any) -> dict[str, Any]:
    return person(substitutions={f"-{name}-": value for name, value in substitutions.items()})


ALLOWED = {
    "1000 personalizations": request(*(person(n) for n in range(1000))),
    "1000 receivers in one": request({"to": [{"email": f"r{n}@example.net"} for n in range(1000)]}),
    "each has a subject": request(person(subject="My own"), subject=None),
    "a template has the subject": request(subject=None, content=None, template_id="d-1"),
    "html alone": request(content=[HTML]),
    "a third type at the end": request(content=[TEXT, HTML, CALENDAR]),
    "10 categories": request(categories=[f"c{n}" for n in range(10)]),
    "a category of 255": request(categories=["c" * 255]),
    "72 hours ahead": request(send_at=int(NOW) + 72 * HOURS),
    "a time in the past": request(person(send_at=5)),
    "150 substitutions": request(tagged(**{f"t{n}": "x" for n in range(150)})),
    "10,000 bytes of substitutions": request(tagged(a="x" * 9997)),
    "50,000 bytes in all": request(
        *({**person(n), **tagged(a="x" * 9000), **to(email=f"r{n}@example.net")} for n in range(6))
    ),
    "custom arguments": request(person(custom_args={"a": "x" * 9900})),
    "list headers": request(
        person(headers={"List-Unsubscribe": "<https://example.org/u>", "List-Id": "<a.example.org>"})
    ),
    "commas in the sender's name": request(**{"from": {"email": "a@example.org", "name": "Smith, Jane"}}),
    "a longest local part": request(to(email="a" * 64 + "@example.net")),
    "odd but right": request(to(email="o'neill+news/x=1@sub.example.museum")),
    "tracking": request(tracking_settings={"click_tracking": {"enable": False, "enable_text": False}}),
    "cc and bcc": request(person(cc=[{"email": "a@example.net"}], bcc=[{"email": "b@example.net"}])),
    "an attachment": request(attachments=[FILE]),
    "several replies": request(reply_to_list=[{"email": "a@example.org"}, {"email": "b@example.org"}]),
}

FIRST = "personalizations.0"
REFUSED: dict[str, tuple[Any, str, str]] = {
    "no object": ([], "", "Bad Request"),
    "an unknown parameter": (request(colour="red"), "colour", "not a known"),
    "an unknown personal one": (request(person(colour="red")), f"{FIRST}.colour", "not a known"),
    "an unknown setting": (request(mail_settings={"turbo": {}}), "mail_settings.turbo", "not a known"),
    "no personalizations": (request(personalizations=None), "personalizations", "required"),
    "none in the list": (request(personalizations=[]), "personalizations", "between 1 and 1000"),
    "1001 personalizations": (request(*(person(n) for n in range(1001))), "personalizations", "between 1 and 1000"),
    "personalizations of another type": (request(personalizations={}), "personalizations", "array"),
    "a personalization of another type": (request(personalizations=["x"]), FIRST, "object"),
    "no to": (request({}), f"{FIRST}.to", "required"),
    "nobody in to": (request({"to": []}), f"{FIRST}.to", "between 1 and 1000"),
    "nobody in cc": (request(person(cc=[])), f"{FIRST}.cc", "between 1 and 1000"),
    "to of another type": (request({"to": {"email": "a@example.net"}}), f"{FIRST}.to", "array"),
    "1001 receivers in one": (
        request({"to": [{"email": f"r{n}@example.net"} for n in range(1001)]}),
        f"{FIRST}.to",
        "between 1 and 1000",
    ),
    "1001 receivers in all": (
        request(*(person(n, cc=[{"email": f"c{n}@example.net"}]) for n in range(501))),
        "personalizations",
        "1002 recipients",
    ),
    "twice in two": (request(person(1), person(2), person(1)), "personalizations", "personalizations.2.to"),
    "twice in upper case": (request(person(1), to(email="READER1@example.net")), "personalizations", "unique"),
    "twice in to": (request({"to": [{"email": "a@b.example"}] * 2}), "personalizations", "unique"),
    "twice in to and bcc": (
        request(person(1, bcc=[{"email": "reader1@example.net"}])),
        "personalizations",
        "personalizations.0.bcc",
    ),
    "no address": (request(to(email="nobody")), f"{FIRST}.to.0.email", "valid address: nobody"),
    "no address at all": (request(to(name="Ada")), f"{FIRST}.to.0.email", "required"),
    "an address of another type": (request(to(email=5)), f"{FIRST}.to.0.email", "string"),
    "an address with umlauts": (request(to(email="jörg@example.net")), f"{FIRST}.to.0.email", "valid"),
    "a domain with umlauts": (request(to(email="a@bücher.example")), f"{FIRST}.to.0.email", "valid"),
    "an address with a space": (request(to(email="a b@example.net")), f"{FIRST}.to.0.email", "valid"),
    "an address with a line break": (request(to(email="a@example.net\n")), f"{FIRST}.to.0.email", "valid"),
    "dots in a row": (request(to(email="a..b@example.net")), f"{FIRST}.to.0.email", "valid"),
    "a domain without a dot": (request(to(email="a@localhost")), f"{FIRST}.to.0.email", "valid"),
    "a local part of 65": (request(to(email="a" * 65 + "@example.net")), f"{FIRST}.to.0.email", "valid"),
    "a comma in a name": (request(to(email="a@example.net", name="Smith, Jane")), f"{FIRST}.to.0.name", "invalid"),
    "a semicolon in a name": (request(to(email="a@example.net", name="a;b")), f"{FIRST}.to.0.name", "invalid"),
    "a line break in a name": (request(to(email="a@example.net", name="a\r\nb")), f"{FIRST}.to.0.name", "invalid"),
    "no from": (request(**{"from": None}), "from", "required"),
    "from as a text": (request(**{"from": "a@example.org"}), "from", "object"),
    "from without an address": (request(**{"from": {"name": "Clinic"}}), "from.email", "required"),
    "a wrong from": (request(**{"from": {"email": "clinic"}}), "from.email", "valid"),
    "a wrong reply_to": (request(reply_to={"email": "x"}), "reply_to.email", "valid"),
    "two kinds of replies": (
        request(reply_to={"email": "a@example.org"}, reply_to_list=[{"email": "a@example.org"}]),
        "reply_to_list",
        "together",
    ),
    "no subject": (request(subject=None), "subject", "required"),
    "one without a subject": (request(person(1, subject="x"), person(2), subject=None), "subject", "required"),
    "an empty subject": (request(subject=""), "subject", "one character"),
    "an empty subject of one's own": (request(person(subject="")), f"{FIRST}.subject", "one character"),
    "a subject of two lines": (request(subject="a\r\nBcc: b"), "subject", "one line"),
    "a subject of another type": (request(subject=7), "subject", "string"),
    "no content": (request(content=None), "content", "required"),
    "nothing in the content": (request(content=[]), "content", "required"),
    "html before text": (request(content=[HTML, TEXT]), "content", "text/plain must be first"),
    "text last": (request(content=[CALENDAR, TEXT]), "content", "text/plain must be first"),
    "text twice": (request(content=[TEXT, TEXT]), "content", "once"),
    "an empty value": (request(content=[TEXT, {**HTML, "value": ""}]), "content.1.value", "one character"),
    "a charset in the type": (request(content=[{**TEXT, "type": "text/plain; charset=x"}]), "content.0.type", ";"),
    "11 categories": (request(categories=[f"c{n}" for n in range(11)]), "categories", "between 1 and 10"),
    "no categories": (request(categories=[]), "categories", "between 1 and 10"),
    "the same category twice": (request(categories=["a", "a"]), "categories", "unique"),
    "a category of 256": (request(categories=["c" * 256]), "categories", "255"),
    "a category with umlauts": (request(categories=["ü"]), "categories", "ASCII"),
    "a category of another type": (request(categories=[1]), "categories.0", "string"),
    "a number as argument": (request(person(custom_args={"n": 7})), f"{FIRST}.custom_args.n", "string"),
    "long arguments": (request(person(custom_args={"n": "x" * 10_000})), f"{FIRST}.custom_args", "10000"),
    "long arguments, at both places": (
        request(person(custom_args={"a": "x" * 6000}), custom_args={"b": "x" * 6000}),
        f"{FIRST}.custom_args",
        "10000",
    ),
    "73 hours ahead": (request(send_at=int(NOW) + 73 * HOURS), "send_at", "72 hours"),
    "one's own 73 hours ahead": (request(person(send_at=int(NOW) + 73 * HOURS)), f"{FIRST}.send_at", "72 hours"),
    "a time as text": (request(send_at="1800000000"), "send_at", "integer"),
    "true as a time": (request(send_at=True), "send_at", "integer"),
    "a header of two lines": (request(person(headers={"X-A": "a\r\nBcc: b"})), f"{FIRST}.headers.X-A", "ASCII"),
    "a header with umlauts": (request(headers={"X-A": "ü"}), "headers.X-A", "ASCII"),
    "an empty header": (request(headers={"X-A": ""}), "headers.X-A", "ASCII"),
    "a number as header": (request(headers={"X-A": 1}), "headers.X-A", "string"),
    "a colon in a header's name": (request(headers={"X:A": "a"}), "headers.X:A", "name of a header"),
    "151 substitutions": (request(tagged(**{f"t{n}": "x" for n in range(151)})), f"{FIRST}.substitutions", "150"),
    "10,001 bytes of substitutions": (request(tagged(a="x" * 9998)), f"{FIRST}.substitutions", "10000 bytes"),
    "bytes, not characters": (request(tagged(a="ü" * 5000)), f"{FIRST}.substitutions", "10000 bytes"),
    "a tag with a space": (request(person(substitutions={"- a-": "x"})), f"{FIRST}.substitutions", "spaces"),
    "a tag with a bracket": (request(person(substitutions={"<a>": "x"})), f"{FIRST}.substitutions", "spaces"),
    "an empty tag": (request(person(substitutions={"": "x"})), f"{FIRST}.substitutions", "empty"),
    "a tag in a tag": (request(person(substitutions={"-a-": "x", "-a-b-": "y"})), f"{FIRST}.substitutions", "nested"),
    "a number as substitution": (request(tagged(a=1)), f"{FIRST}.substitutions.-a-", "string"),
    "substitutions in a dynamic template": (
        request(tagged(a="x"), template_id="d-1"),
        f"{FIRST}.substitutions",
        "dynamic",
    ),
    "a switch as text": (
        request(tracking_settings={"open_tracking": {"enable": "false"}}),
        "tracking_settings.open_tracking.enable",
        "true or false",
    ),
    "an unknown tracking setting": (
        request(tracking_settings={"click_tracking": {"enabled": False}}),
        "tracking_settings.click_tracking.enabled",
        "not a known",
    ),
    "two bypasses": (
        request(mail_settings={"bypass_list_management": {"enable": True}, "bypass_spam_management": {"enable": True}}),
        "mail_settings",
        "combined",
    ),
    "asm without a group": (request(asm={}), "asm.group_id", "required"),
    "26 groups": (request(asm={"group_id": 1, "groups_to_display": [1] * 26}), "asm.groups_to_display", "25"),
    "a pool of one letter": (request(ip_pool_name="x"), "ip_pool_name", "between 2 and 64"),
    "an attachment that is not base64": (
        request(attachments=[{**FILE, "content": "%"}]),
        "attachments.0.content",
        "base64",
    ),
    "an attachment without a name": (
        request(attachments=[{**FILE, "filename": ""}]),
        "attachments.0.filename",
        "character",
    ),
    "an inline attachment without an id": (
        request(attachments=[{**FILE, "disposition": "inline"}]),
        "attachments.0.content_id",
        "content_id",
    ),
}


@pytest.mark.parametrize("body", ALLOWED.values(), ids=ALLOWED)
def test_what_is_allowed_is_taken(fake: FakeSendGrid, caller: Caller, body: dict[str, Any]) -> None:
    before = len(fake.requests)
    answer = caller.send_mail(body)
    assert (answer.status_code, answer.content) == (202, b"")
    assert answer.headers["X-Message-Id"]
    assert len(fake.requests) == before + 1


@pytest.mark.parametrize(("body", "field", "message"), REFUSED.values(), ids=REFUSED)
def test_what_is_forbidden_is_refused_and_named(
    fake: FakeSendGrid, caller: Caller, body: Any, field: str, message: str
) -> None:
    before = len(fake.requests)
    answer = caller.send_mail(body)
    assert answer.status_code == 400
    found = complaint(answer)
    assert found[0] == field
    assert message in found[1]
    assert len(fake.requests) == before
    assert fake.faults[-1]["message"]


@pytest.mark.parametrize("name", sorted(RESERVED))
@pytest.mark.parametrize("personal", [False, True])
def test_reserved_headers_are_refused_in_any_case(caller: Caller, name: str, personal: bool) -> None:
    headers = {name.title(): "x"}
    body = request(person(headers=headers)) if personal else request(headers=headers)
    field, message = complaint(caller.send_mail(body))
    assert field == f"{'personalizations.0.' if personal else ''}headers.{name.title()}"
    assert "reserved" in message


def test_every_parameter_of_another_type_is_a_400_and_no_crash(caller: Caller) -> None:
    whole = request(
        person(headers={"X-A": "a"}, substitutions={"-a-": "b"}, custom_args={"a": "b"}),
        categories=["a"],
        mail_settings={"sandbox_mode": {"enable": True}},
    )
    wrongs: list[Any] = [None, 1.5, "x", [[]], {"a": {}}, True]
    for name in whole:
        for wrong in wrongs:
            if type(wrong) is not type(whole[name]):
                answer = caller.send_mail({**whole, name: wrong})
                assert answer.status_code == 400, (name, wrong)
                assert complaint(answer)[0].startswith(name)
    for name in whole["personalizations"][0]:
        for wrong in wrongs:
            answer = caller.send_mail({**whole, "personalizations": [{**person(), name: wrong}]})
            assert answer.status_code == 400, (name, wrong)


def test_every_fault_of_a_request_is_named(caller: Caller) -> None:
    answer = caller.send_mail(request(person(1), to(email="x"), to(email="y"), subject=""))
    fields = [error["field"] for error in answer.json()["errors"]]
    assert fields == ["subject", "personalizations.1.to.0.email", "personalizations.2.to.0.email"]


def test_the_strict_reading_counts_the_substitutions_of_all_readers() -> None:
    people = [{**tagged(a="x" * 497), "to": [{"email": f"r{n}@example.net"}]} for n in range(101)]
    with FakeSendGrid(strict=True) as strict, Caller(strict.url) as caller:
        assert caller.send_mail(request(*people[:100])).status_code == 202
        answer = caller.send_mail(request(*people))
    assert answer.status_code == 400
    assert complaint(answer) == ("personalizations", "All substitutions may not exceed 50000 bytes.")


@pytest.mark.parametrize("raw", [b"", b"{", b'{"a": NaN}', b"\xff", b'{"a": "\\ud800"}', b"[" * 5000, b"null", b"7"])
def test_what_is_no_json_is_a_bad_request(caller: Caller, raw: bytes) -> None:
    answer = caller.post("/v3/mail/send", content=raw, headers=JSON)
    assert (answer.status_code, complaint(answer)) == (400, ("", "Bad Request"))


def test_30_megabytes_are_too_large(fake: FakeSendGrid, caller: Caller) -> None:
    before = len(fake.requests)
    answer = caller.post("/v3/mail/send", content=b" " * MAX_BYTES, headers=JSON)
    assert (answer.status_code, complaint(answer)[1]) == (413, "Payload too large")
    assert len(fake.requests) == before


@pytest.mark.parametrize("kind", ["", "text/plain", "application/x-www-form-urlencoded", "application/jsonx"])
def test_another_content_type_is_refused(caller: Caller, kind: str) -> None:
    answer = caller.post("/v3/mail/send", content=b"{}", headers={"Content-Type": kind})
    assert answer.status_code == 415
    assert "application/json" in complaint(answer)[1]


def test_a_charset_behind_the_content_type_is_allowed(caller: Caller) -> None:
    answer = caller.send_mail(headers={"Content-Type": "application/json; charset=utf-8"})
    assert answer.status_code == 202


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer SG.other", "Basic eDp5", "SG.a-key-for-tests"])
def test_without_the_key_nothing_is_taken(fake: FakeSendGrid, caller: Caller, authorization: str) -> None:
    before = len(fake.requests)
    answer = caller.send_mail(headers={"Authorization": authorization})
    assert (answer.status_code, len(fake.requests)) == (401, before)
    assert "authorization grant" in complaint(answer)[1]


def test_a_key_without_the_scope_is_forbidden(fake: FakeSendGrid) -> None:
    fake.keys["SG.narrow"] = frozenset({"suppression.bounces.read"})
    with Caller(fake.url, "SG.narrow") as narrow:
        refused = [narrow.send_mail(), narrow.get("/v3/suppression/blocks"), narrow.delete("/v3/suppression/bounces")]
        assert [answer.status_code for answer in refused] == [403] * 3
        assert complaint(refused[0])[1] == "access forbidden"
        assert narrow.get("/v3/suppression/bounces").status_code == 200
        assert narrow.get("/v3/scopes").json() == {"scopes": ["suppression.bounces.read"]}


def test_another_place_and_another_method(caller: Caller) -> None:
    assert caller.get("/v3/mail/send").status_code == 405
    assert complaint(caller.post("/v3/mail/sent", json={})) == ("", "not found")
    assert caller.post("/mail/send", json=request()).status_code == 404


def test_an_unknown_sender_is_forbidden_where_senders_are_checked() -> None:
    with FakeSendGrid() as fake, Caller(fake.url) as caller:
        fake.account.checks_sender = True
        fake.account.senders = ["Single@example.com"]
        statuses = {
            address: caller.send_mail(request(**{"from": {"email": address}})).status_code
            for address in ("a@example.org", "a@mail.example.org", "single@example.com", "a@example.com")
        }
    assert statuses == {
        "a@example.org": 202,
        "a@mail.example.org": 202,
        "single@example.com": 202,
        "a@example.com": 403,
    }
