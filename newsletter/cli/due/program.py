"""How a scheduler calls this very program: absolute paths, since it starts elsewhere and knows no PATH of ours."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from newsletter.errors import ServiceMissing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.settings import Workspace

#: what a workspace may take from the environment; schedulers do not know what was set in a terminal
_OURS = ("NEWSLETTER_", "SENDGRID_", "SMTP_", "MAILBOX_")
#: these say something about the command that is typed, and nothing to a scheduler
_OF_THE_COMMAND = {"NEWSLETTER_WORKSPACE", "NEWSLETTER_DEBUG", "NEWSLETTER_ACTOR"}


def command(workspace: Path) -> list[str]:
    """The words of the command, for a workspace.

    Raises:
        ServiceMissing: a path has a line break, which no line of a scheduler can hold.
    """
    script = Path(sys.executable).parent / "newsletter"
    program = [str(script)] if os.access(script, os.X_OK) else [sys.executable, "-m", "newsletter.cli"]
    words = [*program, "-C", str(workspace), "run-due"]
    for word in words:
        refuse(word, {"\n", "\r", "\0"}, "a line break")
    return words


def refuse(word: str, characters: set[str], what: str) -> None:
    """Raises:
    ServiceMissing
    """
    if characters & set(word):
        why = (
            f"it has {what} in its name, which no scheduler can call; make a symbolic link to it, and name that with -C"
        )
        raise ServiceMissing(f"the path {word!r}", why)


def folder() -> Path:
    """Of the workspace, by the name that it is called by: links are kept, and its settings may have mistakes.

    Raises:
        WorkspaceNotFound
    """
    import click

    from newsletter.settings import find_workspace

    named = click.get_current_context().find_root().obj or os.environ.get("NEWSLETTER_WORKSPACE")
    return find_workspace(Path(named).expanduser().absolute() if named else Path.cwd())


def only_in_this_terminal(place: Workspace) -> Sequence[str]:
    """Settings and secrets that are set here, and that a scheduler would miss."""
    from newsletter.errors import BadSettings
    from newsletter.settings import load

    ours = [name for name in os.environ if name.startswith(_OURS) and name not in _OF_THE_COMMAND]
    try:
        without = load(place.folder, {})
    except BadSettings:
        return sorted(ours)
    secrets = [name for name in ours if name in place.secrets and without.secrets.get(name) != place.secrets[name]]
    others = [name for name in ours if name not in place.secrets] if without.settings != place.settings else []
    return sorted([*secrets, *others])
