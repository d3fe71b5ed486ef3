"""What is found out about our own pages before real mail leaves, against a server that speaks TLS."""

from __future__ import annotations

import ipaddress
import ssl
from typing import TYPE_CHECKING, Any

import pytest

from newsletter.model.rendered import ImageFile
from newsletter.probe.pages import Pages
from tests.support.https_site import NAME, https_site, make_certificate

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from newsletter.model.refusal import Refusal
    from tests.support.https_site import Answering, Reply, Site

TOKEN = "a-token-of-the-tests"
PAGE = f"/u/{TOKEN}"
STAIRS = ImageFile(name="0123-600.png", media_type="image/png", content=b"12345")
CHAIR = ImageFile(name="4567-600.jpg", media_type="image/jpeg", content=b"123456789")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("tls") / "server.pem")


@pytest.fixture
def site(certificate: Path) -> Iterator[Site]:
    with https_site(certificate) as running:
        yield running


def ours(**changes: Reply) -> Answering:
    """As newsletter/web answers, with changes by method and first letter of the path, such as POST_u."""

    def answer(method: str, path: str, body: bytes) -> Reply:
        if changed := changes.get(f"{method}_{path.split('/')[1]}"):
            return changed
        if path.startswith("/i/"):
            found = next((image for image in (STAIRS, CHAIR) if path.endswith(image.name)), None)
            return (200, _head(found), found.content) if found else (404, {}, b"")
        if path != PAGE:
            return 404, {}, b""
        heard = "one-click" if body == b"List-Unsubscribe=One-Click" else "nothing"
        return 200, {"X-Newsletter-Probe": heard if method == "POST" else "ok"}, b"home"

    return answer


def _head(image: ImageFile) -> Mapping[str, str]:
    return {"Content-Type": image.media_type, "Content-Length": str(len(image.content))}


def look(site: Site, *pictures: ImageFile, base_url: str = "", seconds: float = 20.0, **how: Any) -> list[Refusal]:
    pages = Pages(base_url=base_url or site.base_url, requests=site.requests(**how), seconds=seconds)
    return pages.refusals(TOKEN, pictures)


def whys(found: list[Refusal]) -> str:
    assert all(TOKEN not in one.why + one.next_step for one in found)
    assert all(one.next_step for one in found)
    return " | ".join(one.why for one in found)


def test_pages_that_answer_a_look_and_one_click_and_show_the_images_are_fine(site: Site) -> None:
    site.answer = ours()
    assert look(site, STAIRS, CHAIR) == []
    assert site.asked[:2] == [("GET", PAGE, b""), ("POST", PAGE, b"List-Unsubscribe=One-Click")]
    assert sorted(site.asked[2:]) == [("HEAD", f"/i/{STAIRS.name}", b""), ("HEAD", f"/i/{CHAIR.name}", b"")]


def test_a_path_behind_the_host_belongs_to_every_address(site: Site) -> None:
    site.answer = lambda method, path, body: ours()(method, path.removeprefix("/l%C3%ADst%20a"), body)
    assert look(site, STAIRS, base_url=f"{site.base_url}/líst a") == []


@pytest.mark.parametrize(
    ("changes", "said"),
    {
        "an error page": ({"GET_u": (404, {}, b"")}, "the unsubscribe page answers with status 404"),
        "a login": ({"GET_u": (401, {}, b"")}, "the unsubscribe page answers with status 401"),
        "trouble": ({"GET_u": (502, {}, b"")}, "the unsubscribe page answers with status 502"),
        "another site": ({"GET_u": (200, {}, b"Welcome!")}, "is answered, but not by this newsletter"),
        "a detour": (
            {"GET_u": (301, {"Location": f"https://www.{NAME}{PAGE}"}, b"")},
            f"the unsubscribe page leads elsewhere (status 301, to www.{NAME})",
        ),
        "a detour to nowhere": ({"GET_u": (302, {}, b"")}, "leads elsewhere (status 302)"),
        "one click makes a detour": (
            {"POST_u": (303, {"Location": "/"}, b"")},
            f"leaving with one click leads elsewhere (status 303, to {NAME})",
        ),
        "one click is forbidden": ({"POST_u": (403, {}, b"")}, "leaving with one click answers with status 403"),
        "one click is not let in": ({"POST_u": (405, {}, b"")}, "leaving with one click answers with status 405"),
        "one click loses what it says": (
            {"POST_u": (200, {"X-Newsletter-Probe": "nothing"}, b"")},
            "leaving with one click is answered, but not by this newsletter",
        ),
        "one click gets the page that is kept for a look": (
            {"POST_u": (200, {"X-Newsletter-Probe": "ok"}, b"")},
            "leaving with one click is answered, but not by this newsletter",
        ),
    }.values(),
)
def test_pages_that_do_not_work_for_readers_are_told(changes: dict[str, Reply], said: str, site: Site) -> None:
    site.answer = ours(**changes)
    found = look(site, STAIRS)
    assert said in whys(found)
    assert len(found) == 1
    assert not any(path.startswith("/i/") for _, path, _ in site.asked)


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        ((404, {}, b""), "status 404"),
        ((302, {"Location": "/login"}, b""), "status 302"),
        ((200, {"Content-Type": "text/html", "Content-Length": "5"}, b""), "text/html instead of image/png"),
        ((200, {"Content-Length": "5"}, b""), "no type instead of image/png"),
        ((200, {"Content-Type": "image/png", "Content-Length": "4"}, b""), "4 octets instead of 5"),
    ],
)
def test_an_image_that_does_not_come_as_stored_is_named(reply: Reply, said: str, site: Site) -> None:
    site.answer = ours(HEAD_i=reply)
    assert whys(look(site, STAIRS)) == (
        f"the image does not come from newsletter.base_url as stored: {STAIRS.name} ({said})"
    )


def test_of_many_images_the_first_are_named_and_the_others_counted(site: Site) -> None:
    site.answer = ours()
    strange = [ImageFile(name=f"{n}.png", media_type="image/png", content=b"1") for n in range(5)]
    said = whys(look(site, STAIRS, *strange))
    assert "5 of 6 images do not come" in said
    assert said.endswith("2.png (status 404); and 2 more")


def test_an_image_is_fetched_where_looking_is_not_allowed_or_its_length_is_not_told(site: Site) -> None:
    site.answer = ours(HEAD_i=(405, {}, b""), GET_i=(200, {"Content-Type": "image/png; x=y"}, b"12345"))
    assert look(site, STAIRS) == []


def test_an_address_without_encryption_is_not_even_asked(site: Site) -> None:
    plain = site.base_url.replace("https", "http")
    assert whys(look(site, base_url=plain)) == f"newsletter.base_url is {plain}; readers' links must be https"
    assert site.asked == []


def test_a_certificate_that_nobody_vouches_for_is_refused(site: Site) -> None:
    said = whys(look(site, tls=ssl.create_default_context()))
    assert "the unsubscribe page does not answer: its certificate is not valid" in said
    assert site.asked == []


def test_a_certificate_for_another_name_is_refused(site: Site) -> None:
    said = whys(look(site, base_url=f"https://other.invalid:{site.port}"))
    assert "its certificate is not valid" in said


def test_a_server_that_keeps_silent_is_given_up(site: Site) -> None:
    site.answer = ours(GET_u=(0, {}, b""))
    assert whys(look(site, answer_seconds=0.2)) == "the unsubscribe page does not answer: it takes too long"


def test_a_server_that_hangs_up_is_told(site: Site) -> None:
    site.release.set()
    site.answer = ours(GET_u=(0, {}, b""))
    assert "does not answer: " in whys(look(site))


def test_nothing_that_listens_is_told(site: Site, certificate: Path) -> None:
    with https_site(certificate) as gone:
        pass
    assert "does not answer: no connection" in whys(look(site, base_url=gone.base_url))


@pytest.mark.parametrize("private", ["10.0.0.7", "192.168.1.1", "169.254.169.254", "::1", "fd00::1", "::ffff:10.0.0.1"])
def test_a_name_that_leads_into_a_private_network_is_refused(private: str, site: Site) -> None:
    """Also where only one of its addresses does: half of the readers would not reach it."""
    from newsletter.probe.link_request import is_public

    said = whys(look(site, resolve=lambda _host: ["93.184.216.34", private], may_visit=is_public))
    assert said == f"newsletter.base_url cannot be used: {NAME} is not a public address"
    assert site.asked == []


@pytest.mark.parametrize(
    "base_url", ["https://127.0.0.1:{}", "https://[::1]:{}", "https://2130706433:{}", "https://localhost:{}"]
)
def test_this_machine_itself_is_no_public_address(base_url: str, site: Site) -> None:
    from newsletter.probe.link_request import Requests

    found = Pages(base_url=base_url.format(site.port), requests=Requests(agent="", ports=None)).refusals(TOKEN, ())
    assert "is not a public address" in whys(found)
    assert site.asked == []


def test_an_ipv6_address_can_be_asked(site: Site) -> None:
    seen: list[str] = []

    def resolve(host: str) -> list[str]:
        seen.append(host)
        return ["2001:db8::7"]

    may_visit = {ipaddress.ip_address("2001:db8::7")}.__contains__
    said = whys(look(site, base_url="https://[2001:db8::7]", resolve=resolve, may_visit=may_visit, connect_seconds=0.2))
    assert seen == ["2001:db8::7"]
    assert "the unsubscribe page does not answer" in said


def test_a_name_in_another_script_is_looked_up_as_dns_knows_it(site: Site) -> None:
    seen: list[str] = []

    def resolve(host: str) -> list[str]:
        seen.append(host)
        return ["127.0.0.1"]

    look(site, base_url=f"https://präxis.invalid:{site.port}", resolve=resolve)
    assert seen == ["xn--prxis-hra.invalid"]


def test_a_name_that_is_not_known_is_told(site: Site) -> None:
    def resolve(_host: str) -> list[str]:
        raise OSError

    assert f"there is no host {NAME}" in whys(look(site, resolve=resolve))
