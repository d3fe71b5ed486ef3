"""Forged, cut, swapped tokens, and those of readers who were erased: one polite page, no change, no clue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from newsletter.keys import NOTICES, DeliveryToken, Keys
from newsletter.model.notice_mail import NoticeKind
from newsletter.pipeline.notices_made import KINDS
from tests.web.hostile_site import ADA, FROM_OUR_PAGE, NEWCOMER, OF_SOMEBODY, shown_alike, spellings
from tests.web.sample_mailing import LINK_NUMBER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.web.hostile_site import HostileSite

NOBODYS = "A" * 32
BODIES: tuple[dict[str, str], ...] = (
    {"List-Unsubscribe": "One-Click"},
    {"from": "page", "everything": "1"},
    {"order": "erasure"},
    {},
)
#: which notices' links lead to a page
LEADS = {
    "/u/": KINDS,
    "/p/": (NoticeKind.WELCOME, NoticeKind.KNOWN, NoticeKind.LINKS),
    "/v/": KINDS,
    "/c/": (NoticeKind.CONFIRMATION,),
    "/d/": (NoticeKind.DATA,),
    "/e/": (NoticeKind.ERASURE,),
}
#: of the mailing
OF_DELIVERIES = ("/u/", "/p/", "/v/")


def answers(site: HostileSite, path: str, token: str) -> list[tuple[int, bytes, dict[str, str]]]:
    """To everything that a page can be asked."""
    found = [site.web.get(path + token), site.web.head(path + token)]
    found += [site.web.post(path + token, data=body, headers=FROM_OUR_PAGE) for body in BODIES]
    return [shown_alike(one) for one in found]


def assert_refused(site: HostileSite, path: str, tokens: Sequence[str]) -> None:
    before = site.everything()
    polite = answers(site, path, NOBODYS)
    statuses = [status for status, _, _ in polite]
    post = {"/u/": 200, "/v/": 405}.get(path, 404)
    assert statuses == [404, 404, post, post, post, post]
    for token in tokens:
        assert answers(site, path, token) == polite, (path, token)
    assert site.everything() == before


@pytest.mark.parametrize("path", OF_SOMEBODY)
def test_what_is_made_of_a_token_by_hand(attacked: HostileSite, path: str) -> None:
    kind = None if path in OF_DELIVERIES else LEADS[path][0]
    assert_refused(attacked, path, spellings(attacked.token_of(kind)))


@pytest.mark.parametrize("path", OF_SOMEBODY)
def test_a_token_of_another_secret_and_one_for_what_is_not_there(attacked: HostileSite, path: str) -> None:
    theirs = Keys(["somebody else's secret"])
    meant = [DeliveryToken(mailing=LINK_NUMBER, n=1)]
    meant += [DeliveryToken(mailing=NOTICES, n=attacked.notice(kind)) for kind in KINDS]
    missing = [(LINK_NUMBER, 0), (LINK_NUMBER, 5), (LINK_NUMBER, 2**32 - 1), (1, 1), (NOTICES, 2**32 - 1)]
    forged = [theirs.token(one) for one in meant]
    assert_refused(attacked, path, forged + [attacked.keys.token(DeliveryToken(mailing=m, n=n)) for m, n in missing])


@pytest.mark.parametrize("path", OF_SOMEBODY)
def test_a_token_at_a_page_that_its_mail_does_not_lead_to(attacked: HostileSite, path: str) -> None:
    swapped = [attacked.token_of(kind) for kind in KINDS if kind not in LEADS[path]]
    if path not in OF_DELIVERIES:
        swapped.append(attacked.token_of(None))
    if path != "/u/":
        swapped.append(attacked.probe)
    assert_refused(attacked, path, swapped)


def test_our_own_probe_changes_nothing(attacked: HostileSite) -> None:
    before = attacked.everything()
    answers(attacked, "/u/", attacked.probe)
    assert attacked.everything() == before


def test_links_of_readers_who_were_erased(hostile: HostileSite) -> None:
    tokens = [hostile.token_of(kind) for kind in (None, *KINDS)]
    hostile.erase(ADA, hostile.now)
    hostile.erase(NEWCOMER, hostile.now)
    for path in OF_SOMEBODY:
        assert_refused(hostile, path, tokens)


def test_a_rotated_key_still_opens_and_a_dropped_one_does_not(hostile: HostileSite) -> None:
    kinds = {path: None if path in OF_DELIVERIES else LEADS[path][0] for path in OF_SOMEBODY}
    old = {path: hostile.token_of(kind) for path, kind in kinds.items()}
    shown = {path: hostile.web.get(path + token).status_code for path, token in old.items()}
    hostile.reopen(Keys(["a newer secret", "a secret for tests"]))
    assert {path: hostile.web.get(path + token).status_code for path, token in old.items()} == shown
    assert set(shown.values()) == {200}
    fresh = {path: hostile.token_of(kind) for path, kind in kinds.items()}
    assert not set(fresh.values()) & set(old.values())
    hostile.reopen(Keys(["a secret for tests"]))
    for path, token in fresh.items():
        assert_refused(hostile, path, [token])


@hypothesis_settings(
    max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(place=st.integers(0, 191), path=st.sampled_from(OF_SOMEBODY))
def test_a_single_bit_turned_is_enough(attacked: HostileSite, place: int, path: str) -> None:
    import base64

    raw = bytearray(base64.urlsafe_b64decode(attacked.token_of(NoticeKind.CONFIRMATION)))
    raw[place // 8] ^= 1 << place % 8
    token = base64.urlsafe_b64encode(raw).decode()
    answer, polite = attacked.web.get(path + token), attacked.web.get(path + NOBODYS)
    assert shown_alike(answer) == shown_alike(polite)


def test_a_confirmation_confirms_nobody_else(hostile: HostileSite) -> None:
    """Their numbers are one after the other: only the secret keeps them apart."""
    token = hostile.token_of(NoticeKind.CONFIRMATION)
    before: Any = hostile.mailing.rows("subscriptions", "consent_events")
    for n in range(1, 12):
        if n != hostile.notice(NoticeKind.CONFIRMATION):
            other = hostile.keys.token(DeliveryToken(mailing=NOTICES, n=n))
            assert hostile.web.post(f"/c/{other}", headers=FROM_OUR_PAGE).status_code == 404
    assert hostile.mailing.rows("subscriptions", "consent_events") == before
    assert hostile.web.post(f"/c/{token}", headers=FROM_OUR_PAGE).status_code == 200
