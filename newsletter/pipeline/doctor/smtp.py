"""The mail server: whether it is reached, encrypted, and lets us in. Nothing is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.esp.this_machine import is_this_machine
from newsletter.pipeline.doctor.finding import Findings
from newsletter.settings.schema import Tls

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.pipeline.doctor.finding import Finding
    from newsletter.pipeline.doctor.look import Look

_say = Findings("provider")
_SECONDS = 10.0


def findings(look: Look) -> Iterator[Finding]:
    settings = look.workspace.settings.esp.smtp
    secrets = look.workspace.secrets
    local = is_this_machine(settings.host.strip("[]"))
    if bool(secrets.get("SMTP_USER")) != bool(secrets.get("SMTP_PASSWORD")):
        yield _say.wrong(
            "smtp-half-login",
            "of SMTP_USER and SMTP_PASSWORD only one is set",
            "Set both in the environment or in .env, or neither.",
        )
        return
    if settings.tls is Tls.NONE and not local:
        yield _say.wrong(
            "smtp-plain",
            f"mail goes to {settings.host} unencrypted: readers' addresses can be read on the way",
            'Set tls = "starttls" (port 587) or "implicit" (port 465) in [esp.smtp].',
        )
    if look.offline and not local:
        yield _say.unseen("provider-unseen", f"the mail server {settings.host}: --offline")
        return
    yield _reached(look)


def _reached(look: Look) -> Finding:
    from newsletter.esp.smtp.opening import NotOpened, Server

    settings, secrets = look.workspace.settings.esp.smtp, look.workspace.secrets
    server = Server(
        host=settings.host.strip("[]"),
        port=settings.port,
        tls=settings.tls,
        timeout=min(float(settings.timeout), _SECONDS),
        ca_file=look.workspace.folder / settings.ca_file if settings.ca_file else None,
        user=secrets.get("SMTP_USER", ""),
        password=secrets.get("SMTP_PASSWORD", ""),
    )
    try:
        server.context  # noqa: B018 - its certificates are read now, not when the server has answered
        session = server.open()
    except NotOpened as why:
        advice = "Look whether it runs, and whether [esp.smtp] host, port, tls and the login are right."
        return _say.wrong("smtp-unreached", why.words, advice)
    except OSError as why:  # its ca_file
        advice = "Let [esp.smtp] ca_file name a file with certificates, or take it away."
        return _say.wrong("smtp-certificates", f"[esp.smtp] ca_file cannot be read ({why.strerror or why})", advice)
    session.leave()
    how = "unencrypted, on this machine" if settings.tls is Tls.NONE else "over TLS"
    return _say.ok("smtp-reached", f"the mail server {settings.host}:{settings.port} takes mail from us, {how}")
