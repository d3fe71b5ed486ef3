"""The examples in deploy/ are what they say: as far as this machine can read them, and in step with the program."""

from __future__ import annotations

import ast
import configparser
import json
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from newsletter.cli.main import cli
from newsletter.cli.serve import serve
from newsletter.web import forms, hooks, worker
from newsletter.web import serve as serving

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
SIZES = {"k": 1024, "m": 1024**2}


def text(name: str) -> str:
    return (DEPLOY / name).read_text("utf-8")


def unit() -> configparser.ConfigParser:
    read = configparser.ConfigParser(strict=False, interpolation=None)
    read.optionxform = str  # type: ignore[assignment, method-assign]
    read.read_string(text("newsletter.service"))
    return read


def options_of(command: list[str]) -> dict[str, object]:
    """What `newsletter serve` understands of a command line."""
    words = command[command.index("serve") + 1 :]
    # click keeps the help option that it makes first: it has to be that of the whole program
    return dict(serve.make_context("serve", words, **cli.context_settings).params)


def test_the_service_starts_what_there_is() -> None:
    command = shlex.split(unit()["Service"]["ExecStart"])
    assert command[0].endswith("/bin/newsletter")
    assert options_of(command)["style"] == "json"
    assert command[command.index("-C") + 1] == unit()["Service"]["ReadWritePaths"]


def test_the_service_may_little() -> None:
    said = unit()["Service"]
    assert (said["ProtectSystem"], said["NoNewPrivileges"], said["UMask"]) == ("strict", "true", "0077")
    assert said["CapabilityBoundingSet"] == ""


def test_systemd_waits_longer_than_stopping_may_take_and_allows_the_connections() -> None:
    said = unit()["Service"]
    assert int(said["TimeoutStopSec"]) > max(worker.GRACE, serving._GRACE)
    assert int(said["LimitNOFILE"]) > 2 * serving.MOST_CONNECTIONS
    assert int(re.findall(r"--stop-timeout (\d+)", text("Containerfile"))[0]) > max(worker.GRACE, serving._GRACE)


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="install the package systemd")
def test_systemd_understands_the_service(tmp_path: Path) -> None:
    there = tmp_path / "newsletter.service"
    there.write_text(re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", text("newsletter.service"), flags=re.MULTILINE))
    done = subprocess.run(["systemd-analyze", "verify", there], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def instructions() -> list[tuple[str, str]]:
    """Of the container file: (name, the rest), continued lines joined."""
    joined = re.sub(r"\\\n", " ", text("Containerfile"))
    lines = [line for line in joined.splitlines() if line.strip() and not line.startswith("#")]
    return [(line.split()[0], line.split(maxsplit=1)[1]) for line in lines]


def test_the_container_has_what_the_program_is_made_of_and_no_secret() -> None:
    copied = [word for name, rest in instructions() if name == "COPY" for word in rest.split()[:-1] if word[0] != "-"]
    sources = [name for name in copied if not name.startswith("/")]
    assert all((ROOT / name).exists() for name in sources)
    assert {"setup.cfg", "pyproject.toml", "README.md", "LICENSE", "newsletter", "templates"} == {*sources}


def test_the_container_runs_as_nobody_and_starts_what_there_is() -> None:
    said = dict(instructions())
    assert said["USER"] == "newsletter"
    assert options_of(json.loads(said["CMD"]))["host"] == "0.0.0.0"
    check = json.loads(said["HEALTHCHECK"].partition("CMD ")[2])
    ast.parse(check[-1])
    assert f":{said['EXPOSE']}/healthz" in check[-1]
    assert said["EXPOSE"] == str(options_of(json.loads(said["CMD"]))["port"])


def test_braces_and_ends_of_lines_of_nginx_are_right() -> None:
    lines = [line.partition("#")[0].strip() for line in text("nginx.conf").splitlines()]
    assert all(line[-1] in ";{}" for line in lines if line)
    assert text("nginx.conf").count("{") == text("nginx.conf").count("}")


@pytest.mark.parametrize(
    ("name", "quiet"), [("nginx.conf", "access_log off;"), ("Caddyfile", "exclude http.log.error")]
)
def test_a_proxy_writes_no_path_down_and_lets_every_body_through(name: str, quiet: str) -> None:
    assert quiet in text(name)
    sizes = [int(size) * SIZES[unit_.lower()] for size, unit_ in re.findall(r"\b(\d+)([kKmM])B?\b;?", text(name))]
    assert min(sizes) >= forms.MOST_BYTES
    assert max(sizes) >= hooks.MOST_BYTES


def test_the_help_names_what_the_examples_use() -> None:
    told = CliRunner().invoke(cli, ["serve", "--help"]).output
    assert all(option in told for option in ("--log", "--no-work", "--host", "--port"))
