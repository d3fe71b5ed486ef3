"""A real IMAP server (Dovecot) of our own, in a temporary folder, on a port of this machine. Any user, one password."""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

PASSWORD = "a-password-for-tests"

_CONFIGURATION = """
base_dir = {folder}/base
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_failure_delay = 0
default_internal_user = {internal}
default_internal_group = {internal_group}
default_login_user = {login}
mail_location = maildir:{folder}/mail
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
"""


@dataclass(kw_only=True)
class ImapServer:
    folder: Path
    port: int
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1_000_000_000))

    def deliver(self, *mails: bytes) -> None:
        """As a mail server would: a file of its own for each."""
        for mail in mails:
            file = self.folder / "mail" / "new" / f"{next(self._numbers)}.M.host"
            unfinished = self.folder / "mail" / "tmp" / file.name
            unfinished.write_bytes(mail)
            unfinished.chmod(0o644)
            unfinished.rename(file)

    def begin_anew(self) -> None:
        """As after a move to another server: no mail, and numbers that mean nothing any more."""
        for path in (self.folder / "mail").iterdir():
            if path.is_file():
                path.unlink()
        for file in [*(self.folder / "mail" / "new").iterdir(), *(self.folder / "mail" / "cur").iterdir()]:
            file.unlink()


@contextmanager
def running_imap_server() -> Iterator[ImapServer]:
    program = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        pytest.skip("Dovecot is not installed: install the Debian package dovecot-imapd")
    folder, port = Path(tempfile.mkdtemp(prefix="newsletter-imap-")), _free_port()
    try:
        server = ImapServer(folder=folder, port=port)
        _prepare(server)
        with subprocess.Popen([program, "-F", "-c", str(folder / "dovecot.conf")], start_new_session=True) as process:
            try:
                _wait_for(port)
                yield server
            finally:
                os.killpg(process.pid, signal.SIGKILL)  # politely it would take a second; its helpers are of its group
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _prepare(server: ImapServer) -> None:
    """Dovecot gives mail to no root; then it belongs to `nobody`."""
    root = os.getuid() == 0
    me = pwd.getpwuid(os.getuid())
    owner = pwd.getpwnam("nobody") if root else me
    for name in ("mail/new", "mail/cur", "mail/tmp", "home"):
        (server.folder / name).mkdir(parents=True)
    for path in (server.folder, *server.folder.rglob("*")):
        path.chmod(0o755)
        if root and path != server.folder:
            os.chown(path, owner.pw_uid, owner.pw_gid)
    text = _CONFIGURATION.format(
        folder=server.folder,
        port=server.port,
        password=PASSWORD,
        uid=owner.pw_uid,
        gid=owner.pw_gid,
        internal="dovecot" if root else me.pw_name,
        internal_group="dovecot" if root else me.pw_gid,
        login="dovenull" if root else me.pw_name,
    )
    (server.folder / "dovecot.conf").write_text(text)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def _wait_for(port: int) -> None:
    for _ in range(200):
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1) as one:
                one.recv(100)
                return
        except OSError:
            time.sleep(0.05)
    pytest.fail("Dovecot does not answer")
