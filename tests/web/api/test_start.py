"""What the API costs those who do not use it: nothing. And its description for tools."""

from __future__ import annotations

import json
import subprocess
import sys

from click.testing import CliRunner

from newsletter.cli.main import cli


def test_commands_and_the_preview_do_not_load_it() -> None:
    code = (
        "import sys, newsletter.cli.main, newsletter.cli.api_keys, newsletter.cli.schema, newsletter.cli.serve, "
        "newsletter.cli.preview, newsletter.web.preview; "
        "sys.exit('fastapi' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_description_can_be_printed_outside_of_a_workspace(tmp_path: object) -> None:
    told = CliRunner().invoke(cli, ["-C", str(tmp_path), "schema", "api"], standalone_mode=False)
    assert json.loads(told.stdout)["paths"].keys() >= {"/subscribers", "/mailings"}
