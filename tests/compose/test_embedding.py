"""Images inside the mail, read back by the standard library's parser."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.compose.message import compiled
from newsletter.compose.slots import fill
from newsletter.model.rendered import Context, ImageFile, Slot
from tests.compose.letters import HOSTILE, HTML, TEXT, envelope, letter
from tests.compose.test_message import CHARACTERS, read

if TYPE_CHECKING:
    from email.message import EmailMessage, MIMEPart

    from newsletter.model.letter import Letter
    from newsletter.model.rendered import Parts

AT = "https://news.example.org/i/"
KNEE = ImageFile(name="0123456789abcdef.png", media_type="image/png", content=bytes(range(256)) * 9)
HIP = ImageFile(name="fedcba9876543210.jpg", media_type="image/jpeg", content=b"\xff\xd8\xff hip")
OTHER = ImageFile(name="00000000000000ff.gif", media_type="image/gif", content=b"GIF89a")
PICTURES = (HIP, KNEE, OTHER)
SHOWN: Parts = (
    f'<p>Dear <img src="{AT}{KNEE.name}" alt="A knee">',
    Slot(name="first_name", context=Context.HTML, fallback="reader"),
    f"<v:fill src='{AT}{HIP.name}'/><img src=\"{AT}{KNEE.name}\">é</p>\n",
)


def with_pictures(html: Parts = SHOWN, pictures: tuple[ImageFile, ...] = PICTURES, at: str = AT, **keys: Any) -> Letter:
    return replace(letter(html=html, **keys), pictures=pictures, pictures_url=at)


def structure(part: MIMEPart) -> Any:
    if part.is_multipart():
        return part.get_content_type(), [structure(one) for one in part.iter_parts()]
    return part.get_content_type()


def related(message: EmailMessage) -> tuple[str, list[MIMEPart]]:
    """The HTML and the images beside it."""
    _, second = message.iter_parts()
    html, *images = second.iter_parts()
    return html.get_content().replace("\r\n", "\n"), images


def test_the_parts_are_nested_as_mail_programs_expect() -> None:
    message = read(compiled(with_pictures()).bytes_for(envelope()))
    images = ["image/png", "image/jpeg"]
    assert structure(message) == (
        "multipart/alternative",
        ["text/plain", ("multipart/related", ["text/html", *images])],
    )
    _, second = message.iter_parts()
    assert second.get_param("type") == "text/html"


def test_the_html_shows_the_parts_and_each_image_is_there_once_as_it_is() -> None:
    message = read(compiled(with_pictures()).bytes_for(envelope()))
    html, images = related(message)
    ids = [part["Content-ID"] for part in images]
    assert ids == [f"<{KNEE.name}@example.org>", f"<{HIP.name}@example.org>"]
    assert html == (
        f'<p>Dear <img src="cid:{KNEE.name}@example.org" alt="A knee">Ada'
        f"<v:fill src='cid:{HIP.name}@example.org'/><img src=\"cid:{KNEE.name}@example.org\">é</p>\n"
    )
    for part, picture in zip(images, (KNEE, HIP), strict=True):
        assert part.get_content() == picture.content
        assert (part.get_content_disposition(), part.get_filename()) == ("inline", picture.name)


def test_an_image_that_the_html_does_not_show_stays_out() -> None:
    raw = compiled(with_pictures()).bytes_for(envelope())
    assert OTHER.name.encode() not in raw


@pytest.mark.parametrize(
    "html",
    [
        ("<p>No image</p>",),
        (f'<a href="{AT}{KNEE.name}">large</a>',),
        (f'<img src="https://other.example.org/i/{KNEE.name}">',),
        (f'<img src="https://news.example.org/x/i/{KNEE.name}">',),
        (f'<img src="{AT}{KNEE.name}.webp">',),
        (f'<img src="{AT}{KNEE.name}0">',),
        (f'<img src="{AT}{KNEE.name[:-1]}">',),
    ],
)
def test_what_is_not_the_very_address_of_an_image_is_left_alone(html: Parts) -> None:
    plain = compiled(letter(html=html)).bytes_for(envelope())
    assert compiled(with_pictures(html)).bytes_for(envelope()) == plain


def test_without_pictures_or_their_address_the_bytes_are_those_of_any_letter() -> None:
    plain = compiled(letter(html=SHOWN)).bytes_for(envelope())
    assert compiled(with_pictures(pictures=())).bytes_for(envelope()) == plain
    assert compiled(with_pictures(at="")).bytes_for(envelope()) == plain


@pytest.mark.parametrize(
    ("at", "written"),
    [
        ("https://news.example.org/a&b/i/", "https://news.example.org/a&amp;b/i/"),
        ("https://bücher.example/i/", "https://b&#252;cher.example/i/"),
        ("https://news.example.org/a'b/i/", "https://news.example.org/a&#x27;b/i/"),
    ],
)
def test_an_address_is_found_as_html_spells_it(at: str, written: str) -> None:
    html, images = related(
        read(compiled(with_pictures((f'<img src="{written}{HIP.name}">',), at=at)).bytes_for(envelope()))
    )
    assert html == f'<img src="cid:{HIP.name}@example.org">'
    assert len(images) == 1


def test_ids_have_the_domain_in_its_wire_form() -> None:
    html, (image, _) = related(read(compiled(with_pictures(domain="bücher.example")).bytes_for(envelope())))
    assert image["Content-ID"] == f"<{KNEE.name}@xn--bcher-kva.example>"
    assert f"cid:{KNEE.name}@xn--bcher-kva.example" in html


def test_a_reader_cannot_have_an_image_put_in() -> None:
    html: Parts = ("<p>", Slot(name="first_name", context=Context.HTML), "</p>")
    own = envelope(values={"first_name": f'"{AT}{KNEE.name}"'})
    assert compiled(with_pictures(html)).bytes_for(own) == compiled(letter(html=html)).bytes_for(own)


VALUE = st.one_of(st.text(max_size=90), st.sampled_from(list(HOSTILE.values())))
PIECE = st.one_of(
    st.text(CHARACTERS, max_size=60),
    st.sampled_from([f'<img src="{AT}{picture.name}">' for picture in PICTURES]),
    st.sampled_from(["\n", "=", ".", "--=_", "From ", Slot(name="v", context=Context.HTML, fallback="x")]),
)


@given(html=st.lists(PIECE, max_size=8).map(tuple), value=VALUE, contents=st.lists(st.binary(max_size=300), min_size=3))
def test_any_letter_with_any_images_arrives_as_it_is(html: Parts, value: str, contents: list[bytes]) -> None:
    pictures = tuple(replace(one, content=content) for one, content in zip(PICTURES, contents, strict=False))
    own = envelope(values={"v": value})
    raw = compiled(with_pictures(html, pictures)).bytes_for(own)
    assert raw.isascii()
    assert raw.count(b"\r") == raw.count(b"\n") == raw.count(b"\r\n")
    assert [line for line in raw.split(b"\r\n")[1:] if line.startswith((b".", b"From "))] == []
    assert max(len(line) for line in raw.split(b"\r\n")) <= 100
    message = read(raw)
    before = read(compiled(letter(html=html)).bytes_for(own))
    _, plain = before.iter_parts()
    written = plain.get_content().replace("\r\n", "\n")
    static = "".join(part for part in html if isinstance(part, str))
    shown = [picture for picture in pictures if f"{AT}{picture.name}" in static]
    if not shown:
        assert raw == compiled(letter(html=html)).bytes_for(own)
        return
    seen, images = related(message)
    for picture in shown:
        written = written.replace(f"{AT}{picture.name}", f"cid:{picture.name}@example.org")
    assert seen == written
    assert {part.get_filename(): part.get_content() for part in images} == {one.name: one.content for one in shown}
    assert next(message.iter_parts()).get_content().replace("\r\n", "\n") == fill(TEXT, own.values)


def test_readers_share_the_encoded_images_and_have_their_own_links() -> None:
    html = (*HTML, f'<img src="{AT}{KNEE.name}">')
    message = compiled(with_pictures(html))
    for n in (1, 2):
        own = envelope(n)
        seen, (image,) = related(message_from_bytes(message.bytes_for(own), policy=policy.default))
        assert image.get_content() == KNEE.content
        assert f"AQAAAAcAAAAB{n:04}" in seen
