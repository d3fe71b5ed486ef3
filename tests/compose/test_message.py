"""The compiled message, read back by the standard library's parser."""

from __future__ import annotations

import re
from dataclasses import replace
from email import message_from_bytes, policy
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.compose.escaping import one_line
from newsletter.compose.message import compiled
from newsletter.compose.slots import fill, fill_slot
from newsletter.model.rendered import Context, Slot
from tests.compose.letters import HOSTILE, HTML, TEXT, as_name, display_name, envelope, in_html, letter

if TYPE_CHECKING:
    from email.headerregistry import AddressHeader
    from email.message import EmailMessage

    from newsletter.model.rendered import Parts

CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\r")
#: text that meets the encoder's edges more often than chance would
STATIC = st.lists(
    st.one_of(st.text(CHARACTERS, max_size=120), st.sampled_from(["\n", ".", "From ", "=", " ", "\n.", "x" * 75, "é"])),
    max_size=8,
).map("".join)
VALUE = st.one_of(st.text(max_size=90), st.sampled_from(list(HOSTILE.values())))


def read(raw: bytes) -> EmailMessage:
    """Parsed, and free of defects in the message, each part and each header."""
    message: EmailMessage = message_from_bytes(raw, policy=policy.default)
    for part in message.walk():
        assert part.defects == []
        assert [header for header in part.values() if getattr(header, "defects", ())] == []
    return message


def parts_of(message: EmailMessage) -> tuple[str, str]:
    contents = [part.get_content().replace("\r\n", "\n") for part in message.iter_parts()]
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    return contents[0], contents[1]


def mangled(text: str) -> str:
    """What any quoted-printable text means: line breaks are line breaks."""
    return text.replace("\r\n", "\n")


@given(before=STATIC, between=STATIC, after=STATIC, value=VALUE, other=VALUE, fallback=st.text(CHARACTERS, max_size=9))
def test_both_parts_decode_to_exactly_what_filling_gives(
    before: str, between: str, after: str, value: str, other: str, fallback: str
) -> None:
    def parts(context: Context) -> Parts:
        first = Slot(name="first", context=context, fallback=fallback)
        second = Slot(name="second", context=context)
        return (before, first, between, second, first, after)

    values = {"first": value, "second": other}
    raw = compiled(letter(text=parts(Context.TEXT), html=parts(Context.HTML))).bytes_for(envelope(values=values))
    text, html = parts_of(read(raw))
    assert text == mangled(fill(parts(Context.TEXT), values))
    assert html == in_html(parts(Context.HTML), values)


@given(name=VALUE, value=VALUE, static=STATIC)
def test_the_bytes_are_fit_for_every_relay(name: str, value: str, static: str) -> None:
    text = (static, Slot(name="v", context=Context.TEXT), static)
    raw = compiled(letter(text=text, from_name=name)).bytes_for(envelope(name=name, values={"v": value}))
    assert raw.isascii()
    assert raw.count(b"\r") == raw.count(b"\n") == raw.count(b"\r\n")
    lines = raw.split(b"\r\n")
    assert max(map(len, lines)) <= 100
    assert [line for line in lines if len(line) > 76 and not line.startswith(b"List-Unsubscribe: <")] == []
    assert [line for line in lines[1:] if line.startswith((b".", b"From "))] == []


@given(name=VALUE, first_name=VALUE, from_name=VALUE)
def test_headers_decode_to_what_was_given_and_none_is_added(name: str, first_name: str, from_name: str) -> None:
    given_envelope = envelope(name=name, values={"first_name": first_name})
    given_letter = letter(from_name=from_name)
    raw = compiled(given_letter).bytes_for(given_envelope)
    message = read(raw)
    assert [address.addr_spec for address in message["To"].addresses] == [given_envelope.address]
    assert [address.addr_spec for address in message["From"].addresses] == ["letters@example.org"]
    assert (display_name(raw, "To"), display_name(raw, "From")) == (as_name(name), as_name(from_name))
    assert message["Subject"] == one_line(fill(given_letter.rendered.subject, given_envelope.values))
    assert message.keys() == read(compiled(letter()).bytes_for(envelope())).keys()


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_name_is_only_a_name(name: str) -> None:
    raw = compiled(letter()).bytes_for(envelope(name=name, values={"first_name": name}))
    message = read(raw)
    to: AddressHeader = message["To"]
    assert [address.addr_spec for address in to.addresses] == ["reader1@example.net"]
    assert display_name(raw, "To") == as_name(name)
    assert message["Bcc"] is None
    assert message["X-Evil"] is None
    text, html = parts_of(message)
    assert text.splitlines()[0] == f"Dear {one_line(name) or 'reader'},"
    assert "<script" not in html
    assert "javascript:" not in re.sub("Dear.*|title=.*", "", html)


@given(value=VALUE, context=st.sampled_from(Context))
def test_the_short_cut_for_plain_values_changes_nothing(value: str, context: Context) -> None:
    slot = Slot(name="v", context=context)
    html = context in {Context.HTML, Context.ATTRIBUTE, Context.URL, Context.URL_PART}
    own = letter(html=(slot,)) if html else letter(text=(slot,))
    message = read(compiled(own).bytes_for(envelope(values={"v": value})))
    wanted = in_html((slot,), {"v": value}) if html else fill_slot(slot, {"v": value})
    assert parts_of(message)[html] == wanted


@given(
    value=st.from_regex(r"https?://[ -~]{0,70}", fullmatch=True) | st.from_regex(r"[ -~]{0,74}", fullmatch=True),
    context=st.sampled_from(Context),
)
def test_the_short_cut_holds_for_urls_and_plain_html(value: str, context: Context) -> None:
    slot = Slot(name="v", context=context)
    message = read(compiled(letter(text=(slot,))).bytes_for(envelope(values={"v": value})))
    assert parts_of(message)[0] == fill_slot(slot, {"v": value})


def test_a_lone_carriage_return_of_the_text_is_kept() -> None:
    raw = compiled(letter(text=("a\rb\r\nc\n",))).bytes_for(envelope())
    assert b"a=0Db\r\nc\r\n" in raw


def test_the_same_envelope_gives_the_same_bytes() -> None:
    first, again = letter(), letter()
    assert compiled(first).bytes_for(envelope()) == compiled(again).bytes_for(envelope())
    assert compiled(first) is compiled(first)


def test_message_ids_are_unique_and_hold_no_address() -> None:
    one = letter()
    others = [replace(one, mailing="8"), replace(one, list_id="x.example.org", domain="mail.example.org")]
    ids = [read(compiled(one).bytes_for(envelope(n)))["Message-ID"] for n in (1, 2, 3, 11)]
    ids += [read(compiled(other).bytes_for(envelope(1)))["Message-ID"] for other in others]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"<[78]\.\d+\.[0-9a-f]{16}@(mail\.)?example\.org>", one_id) for one_id in ids)


def test_a_list_mail_says_how_to_leave_in_one_click() -> None:
    message = read(compiled(letter()).bytes_for(envelope(42)))
    assert message["List-Unsubscribe"] == "<https://news.example.org/u/AQAAAAcAAAAB0042abcdefghijKLMNop>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["List-Id"] == "<friends.news.example.org>"


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("leave+AbC-12_3@example.org", "mailto:leave+AbC-12_3@example.org"),
        ("a%b&c=d?e/f#g@example.org", "mailto:a%25b%26c%3Dd%3Fe%2Ff%23g@example.org"),
        ("leave@bücher.example", "mailto:leave@xn--bcher-kva.example"),
    ],
)
def test_a_mailbox_of_ours_takes_readers_off_the_list_too(address: str, link: str) -> None:
    message = read(compiled(letter()).bytes_for(replace(envelope(42), leave_address=address)))
    page = "<https://news.example.org/u/AQAAAAcAAAAB0042abcdefghijKLMNop>"
    assert message["List-Unsubscribe"] == f"{page}, <{link}?subject=unsubscribe>"


@pytest.mark.parametrize("address", ["", "no address", "a@example.org>\r\nBcc: <eve@example.org"])
def test_a_mailbox_that_is_none_is_left_out(address: str) -> None:
    message = read(compiled(letter()).bytes_for(replace(envelope(42), leave_address=address)))
    assert message["List-Unsubscribe"] == "<https://news.example.org/u/AQAAAAcAAAAB0042abcdefghijKLMNop>"
    assert "Bcc" not in message


def test_a_notice_has_no_list_headers() -> None:
    message = read(compiled(letter(list_id="", mailing="notices")).bytes_for(envelope()))
    assert [name for name in message if name.startswith("List-")] == []
    assert message["Message-ID"].startswith("<notices.1.")


def test_the_shared_headers_are_those_of_the_letter() -> None:
    message = read(compiled(letter(from_name="Clínica Ñandú")).bytes_for(envelope()))
    assert message["From"] == "Clínica Ñandú <letters@example.org>"
    assert message["Reply-To"] == "desk@example.org"
    assert message["Date"].datetime == letter().date
    assert message["MIME-Version"] == "1.0"
    assert read(compiled(letter(reply_to="")).bytes_for(envelope()))["Reply-To"] is None


def test_a_domain_with_umlauts_travels_as_a_labels() -> None:
    sent = compiled(letter(from_address="post@bücher.example", domain="bücher.example"))
    message = read(sent.bytes_for(envelope(address="Ada@straße.example")))
    assert message["To"].addresses[0].addr_spec == "Ada@xn--strae-oqa.example"
    assert message["From"].addresses[0].addr_spec == "post@xn--bcher-kva.example"
    assert message["Message-ID"].endswith("@xn--bcher-kva.example>")


def test_a_subject_without_slots_may_have_any_letters() -> None:
    subject = "Nach der Hüftoperation wieder laufen: was in den ersten zwölf Monaten hilft und was schadet – Ausgabe 7"
    assert read(compiled(letter(subject=(subject,))).bytes_for(envelope()))["Subject"] == subject


def test_each_reader_gets_his_own_links_only() -> None:
    message = compiled(letter())
    for n in (1, 2, 3):
        tokens = re.findall(r"AQAAAAcAAAAB(\d{4})", "".join(parts_of(read(message.bytes_for(envelope(n))))))
        assert tokens == [f"{n:04}"] * 6


def test_the_sample_parts_survive_the_journey() -> None:
    own = envelope()
    text, html = parts_of(read(compiled(letter()).bytes_for(own)))
    assert text == fill(TEXT, own.values)
    assert html == fill(HTML, own.values)
