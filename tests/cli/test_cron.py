"""What `newsletter cron` prints: lines that a shell, cron and systemd read as they are meant."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from newsletter.cli.due import units
from newsletter.cli.due.crontab import crontab_line
from newsletter.errors import ServiceMissing
from tests.support.due import OPERATOR, type_in
from tests.support.workspace import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Sequence

DEPLOY = Path(__file__).parents[2] / "deploy"
EXAMPLE = ("/opt/newsletter/bin/newsletter", "-C", "/srv/letters/clinic", "run-due")
ODD = ("100% off", "it's", 'a "b"', "$HOME", "a;b & c", "ümlaut", "x#y", "-x", "~", "%n")


def place(folder: Path, more: str = "") -> Path:
    folder.mkdir(parents=True)
    (folder / "newsletter.toml").write_text(SETTINGS + more, encoding="utf-8")
    return folder


def as_cron_reads(line: str) -> tuple[str, Sequence[str]]:
    """The fields of time, and the words that the shell finds in what cron hands to it."""
    found = re.fullmatch(r"((?:\S+ ){5})(.*)", line)
    assert found
    assert not re.search(r"(?<!\\)%", found[2])  # cron would end the command there
    return found[1].strip(), shlex.split(found[2].replace("\\%", "%"))


def test_the_line_calls_this_program_for_this_workspace(tmp_path: Path) -> None:
    folder = place(tmp_path / "letters")
    *_, line = type_in(folder, "cron").stdout.splitlines()
    when, words = as_cron_reads(line)
    assert (when, words[-3:]) == ("* * * * *", ["-C", str(folder), "run-due"])
    assert Path(words[0]).is_absolute()
    assert os.access(words[0], os.X_OK)


def test_every_five_minutes_if_that_is_enough(tmp_path: Path) -> None:
    *_, line = type_in(place(tmp_path / "letters"), "cron", "--every", "5").stdout.splitlines()
    assert as_cron_reads(line)[0] == "*/5 * * * *"


@pytest.mark.parametrize("name", ODD)
def test_odd_names_of_folders_reach_the_program_whole(name: str) -> None:
    words = ["/opt/x/newsletter", "-C", f"/srv/{name}", "run-due"]
    assert as_cron_reads(crontab_line(words, 1))[1] == words


@pytest.mark.parametrize("name", ["back\\slash", "line\nbreak"])
def test_what_no_line_can_hold_is_refused_with_a_way_out(tmp_path: Path, name: str) -> None:
    with pytest.raises(ServiceMissing, match="symbolic link"):
        type_in(place(tmp_path / name), "cron")


def test_a_symbolic_link_is_called_by_its_own_name(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(place(tmp_path / "back\\slash"))
    assert f"-C {link} run-due" in type_in(link, "cron").stdout


@pytest.mark.parametrize(("more", "first"), [("", "# MAILTO=you@"), (OPERATOR, "MAILTO=ops@example.org")])
def test_it_says_to_whom_cron_mails(tmp_path: Path, more: str, first: str) -> None:
    _, mailto, _ = type_in(place(tmp_path / "letters", more), "cron").stdout.splitlines()
    assert mailto.startswith(first)


def test_what_is_set_in_this_terminal_alone_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = place(tmp_path / "letters")
    monkeypatch.setenv("SENDGRID_API_KEY", "SG.secret")
    said = type_in(folder, "cron")
    assert "SENDGRID_API_KEY is set in this terminal alone" in said.stderr
    assert "SG.secret" not in said.output
    (folder / ".env").write_text("SENDGRID_API_KEY=SG.secret\n", encoding="ascii")
    assert type_in(folder, "cron").stderr == ""


def test_a_workspace_of_another_account_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = place(tmp_path / "letters")
    monkeypatch.setattr(os, "geteuid", lambda: folder.stat().st_uid + 1)
    said = type_in(folder, "cron", "--systemd").stderr
    assert f"{folder} belongs to {folder.owner()}" in said
    assert f"sudo -u {folder.owner()} newsletter cron" in said


def test_the_examples_in_deploy_are_what_it_prints() -> None:
    workspace = Path("/srv/letters/clinic")
    assert (DEPLOY / "newsletter-run-due.service").read_text("utf-8") == units.service(EXAMPLE, workspace, "newsletter")
    assert (DEPLOY / "newsletter-run-due.timer").read_text("utf-8") == units.timer(1)


def test_a_workspace_in_a_home_can_be_reached() -> None:
    said = units.service(EXAMPLE, Path("/home/ana/letters"), "ana")
    assert "ProtectHome=false" in said
    assert "ProtectHome=true" in units.service(EXAMPLE, Path("/srv/home/letters"), "ana")


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="install the package systemd")
def test_systemd_reads_odd_names_as_they_are_meant(tmp_path: Path) -> None:
    """It names a program that is not there; what stands behind it is quoted in the same way."""
    names = [name for name in ODD if not {'"', "'"} & {*name}]
    for number, name in enumerate(names):
        words = [f"/srv/{name}/newsletter", "-C", f"/srv/{name}", "run-due"]
        (tmp_path / f"{number}.service").write_text(units.service(words, Path(f"/srv/{name}"), "root"), "utf-8")
    said = verified(*tmp_path.iterdir())
    assert sorted(re.findall(r"Command /srv/(.*)/newsletter is not executable", said)) == sorted(names)
    assert len(said.splitlines()) == len(names)


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="install the package systemd")
@pytest.mark.parametrize("minutes", [1, 5])
def test_systemd_understands_service_and_timer(tmp_path: Path, minutes: int) -> None:
    service, timer = (tmp_path / f"{units.NAME}.{kind}" for kind in ("service", "timer"))
    service.write_text(units.service(["/bin/true", "it's", 'a "b" $x'], Path("/srv/it's"), "root"))
    timer.write_text(units.timer(minutes))
    assert verified(service, timer) == ""


def verified(*files: Path) -> str:
    done = subprocess.run(["systemd-analyze", "verify", *files], capture_output=True, text=True, check=False)
    return done.stdout + done.stderr
