"""A DOI or a PubMed number -> the record that its register keeps of the source, as CSL-JSON and as yet unchecked.

DOIs: content negotiation (https://www.crossref.org/documentation/retrieve-metadata/content-negotiation/); doi.org leads to
the register of the DOI's agency. PubMed numbers: NCBI's literature citation exporter.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from newsletter.errors import LookupFailed, LookupUnusable, SourceUnknown
from newsletter.model.identifier import Register
from newsletter.probe.bibliography_request import NotAsked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsletter.model.identifier import Identifier
    from newsletter.probe.bibliography_cache import RecordCache
    from newsletter.probe.bibliography_request import Asking, Reply

_CSL = "application/vnd.citationstyles.csl+json"
_DOI_LINK = re.compile(r"(?:https?://)?(?:dx\.)?doi\.org/", re.IGNORECASE)
_OK, _NO_RECORD, _BAD, _UNKNOWN, _GONE, _NOT_OFFERED = 200, 204, 400, 404, 410, 406


@dataclass(frozen=True, kw_only=True)
class Bibliography:
    doi_url: str
    pubmed_url: str
    asking: Asking
    cache: RecordCache

    def record(self, identifier: Identifier, *, fresh: bool = False) -> Mapping[str, Any]:
        """The record, from the cache where we have asked before; `fresh` asks again.

        Raises:
            SourceUnknown: there is no such number.
            LookupFailed: no answer; it may be otherwise tomorrow.
            LookupUnusable: an answer, but no record of this source.
        """
        known = None if fresh else self.cache.known(identifier)
        if known is not None:
            return known
        url = self._url(identifier)
        where = urlsplit(url).netloc
        try:
            reply = self.asking.get(url, _CSL if identifier.register is Register.DOI else "application/json")
        except NotAsked as why:
            raise LookupFailed(str(identifier), where, str(why)) from None
        record = _record(reply, identifier, where)
        self.cache.keep(identifier, record)
        return record

    def _url(self, identifier: Identifier) -> str:
        if identifier.register is Register.DOI:
            return f"{self.doi_url.rstrip('/')}/{quote(identifier.value, safe='/:;().,-_~!$*+=@&')}"
        base = self.pubmed_url.rstrip("/")
        if identifier.register is Register.PMCID:
            base, pubmed = re.subn(r"/pubmed$", "/pmc", base)
            if not pubmed:
                why = "only PubMed numbers and DOIs are looked up there; give one of these"
                raise LookupFailed(str(identifier), urlsplit(base).netloc, why)
        return f"{base}/?format=csl&id={quote(identifier.value.removeprefix('PMC'), safe='')}"


def _record(reply: Reply, identifier: Identifier, where: str) -> Mapping[str, Any]:
    _refuse_status(reply.status, identifier, where)
    record = _parsed(reply, identifier, where)
    own = _own_number(record, identifier.register)
    if own and not identifier.same(own):
        shown = "".join(character for character in own[:200] if character.isprintable())
        advice = "Compare the number with the article's page. If that other one is meant: newsletter references add"
        why = f"it answers for {identifier.register} {shown}"
        raise LookupUnusable(str(identifier), where, why, f"{advice} {shown}")
    return record if own else {**record, identifier.register.value: identifier.value}


def _refuse_status(status: int, identifier: Identifier, where: str) -> None:
    if status in {_UNKNOWN, _GONE} or (status == _BAD and identifier.register is not Register.DOI):
        raise SourceUnknown(str(identifier), where)
    if status in {_NO_RECORD, _NOT_OFFERED}:
        raise LookupUnusable(str(identifier), where, "it keeps none that programs can read")
    if status != _OK:
        raise LookupFailed(str(identifier), where, f"it answers {status}")


def _parsed(reply: Reply, identifier: Identifier, where: str) -> dict[str, Any]:
    """The one record of the answer."""
    if reply.headers.get_content_type() == "text/html" or reply.body.lstrip()[:1] == b"<":
        # agencies without content negotiation send readers of every kind to the page of the article
        raise LookupUnusable(str(identifier), where, "it answers with a web page")
    try:
        answer = json.loads(reply.body)
    except (ValueError, RecursionError):
        raise LookupUnusable(str(identifier), where, "its answer is broken") from None
    found = answer if isinstance(answer, list) else [answer]
    if not found:
        raise SourceUnknown(str(identifier), where)
    if len(found) != 1 or not isinstance(found[0], dict) or not found[0].get("title"):
        raise LookupUnusable(str(identifier), where, "its answer is not the record of one source")
    return found[0]


def _own_number(record: Mapping[str, Any], register: Register) -> str:
    written = record.get(register.value)
    text = str(written).strip() if isinstance(written, str | int) else ""
    return _DOI_LINK.sub("", text, count=1) if register is Register.DOI else text
