"""The units of systemd: what is called, by whom, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.cli.due.program import refuse

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

NAME = "newsletter-run-due"
#: longer than a run lasts that was told to stop (newsletter/pipeline/running/duties.py:GRACE)
_STOP = 330
#: a run that takes so long hangs, and the timer begins no other one beside it
_HANGS = 3600

_SERVICE = """\
# /etc/systemd/system/{name}.service: everything of the newsletter that is due. Begun by {name}.timer.

[Unit]
Description=What is due of the newsletter
After=network-online.target
Wants=network-online.target

[Service]
Type=oneshot
User={user}
ExecStart={command}
# a run that hangs is stopped; what is in flight is finished first
TimeoutStartSec={hangs}
TimeoutStopSec={stop}
KillMode=mixed
LimitNOFILE=4096

# what it writes: the workspace with its database, and nothing else
ReadWritePaths={workspace}
UMask=0077
ProtectSystem=strict
ProtectHome={home}
PrivateTmp=true
PrivateDevices=true
ProtectProc=invisible
ProcSubset=pid

# what it may ask the kernel for: to call the provider
NoNewPrivileges=true
CapabilityBoundingSet=
AmbientCapabilities=
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
SystemCallArchitectures=native
SystemCallErrorNumber=EPERM
ProtectKernelTunables=true
ProtectKernelModules=true
ProtectKernelLogs=true
ProtectControlGroups=true
ProtectClock=true
ProtectHostname=true
RestrictNamespaces=true
RestrictRealtime=true
RestrictSUIDSGID=true
LockPersonality=true
MemoryDenyWriteExecute=true
RemoveIPC=true
"""

_TIMER = """\
# /etc/systemd/system/{name}.timer
# Then: systemctl daemon-reload; systemctl enable --now {name}.timer

[Unit]
Description=What is due of the newsletter, again and again

[Timer]
OnCalendar={calendar}
AccuracySec=1s

[Install]
WantedBy=timers.target
"""


def service(words: Sequence[str], workspace: Path, user: str) -> str:
    """`words` are those of the command.

    Raises:
        ServiceMissing: the path of the program has a quotation mark, which systemd takes in no program's name.
    """
    called, *rest = words
    refuse(called, {'"', "'", "\\"}, "a quotation mark or a backslash")
    home = any(_is_below(path, top) for path in (called, str(workspace)) for top in ("/home", "/root", "/run/user"))
    return _SERVICE.format(
        name=NAME,
        user=user,
        command=" ".join([_quoted(_specifiers(called)), *(_command_word(word) for word in rest)]),
        stop=_STOP,
        hangs=_HANGS,
        workspace=_quoted(_specifiers(str(workspace))),
        home="false" if home else "true",
    )


def timer(minutes: int) -> str:
    """Begun every so many minutes; never a second one beside one that still runs."""
    return _TIMER.format(name=NAME, calendar="minutely" if minutes == 1 else f"*:0/{minutes}")


def _is_below(path: str, top: str) -> bool:
    return path == top or path.startswith(f"{top}/")


def _command_word(word: str) -> str:
    """Behind the program `$` begins a variable."""
    return _quoted(_specifiers(word).replace("$", "$$"))


def _specifiers(word: str) -> str:
    """`%` begins what systemd fills in."""
    return word.replace("%", "%%")


def _quoted(word: str) -> str:
    """As systemd.syntax has it, where the word is more than one without."""
    if word and all(letter.isalnum() or letter in "/._-+=:@%$," for letter in word):
        return word
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t")
    return f'"{escaped}"'
