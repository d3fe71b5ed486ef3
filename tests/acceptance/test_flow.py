"""The whole way through the real command: check, import, send, join later, prove, leave."""

from __future__ import annotations

import email.policy
import io
import json
import subprocess
from email.parser import BytesParser
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from tests.support.workspace import ISSUE

if TYPE_CHECKING:
    from email.message import EmailMessage
    from pathlib import Path

    from tests.support.workspace import Workspace

pytestmark = pytest.mark.acceptance
READERS = "email,first_name,last_name,city\nada@example.org,Ada,Lovelace,London\ngrace@example.org,Grace,Hopper,\n"


def parsed(path: Path) -> EmailMessage:
    return BytesParser(policy=email.policy.default).parsebytes(path.read_bytes())


def part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content())


def test_each_reader_gets_one_correct_mail(workspace: Workspace) -> None:
    workspace.import_readers(READERS)
    shown = workspace.json("send", "walking", "--to", "friends", "--yes")
    assert (shown["state"], shown["audience"], shown["sum"], shown["outcomes"]["accepted"]) == ("finished", 2, 2, 2)
    mails = [parsed(path) for path in workspace.mails()]
    assert [str(mail["To"]) for mail in mails] == ["Ada Lovelace <ada@example.org>", "Grace Hopper <grace@example.org>"]
    first, second = mails
    assert first["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert first["List-Unsubscribe"].startswith("<https://news.example.org/u/")
    assert first["List-Unsubscribe"] != second["List-Unsubscribe"]
    assert first["Message-ID"] != second["Message-ID"]
    assert first["List-Id"] == "<friends.news.example.org>"
    for kind in ("plain", "html"):
        assert "Dear Ada" in part(first, kind)
        assert "213-555-0142" in part(first, kind)
        assert "spam filters" in part(first, kind).replace("\n", " ").lower()


def test_sending_again_says_that_everybody_has_it_and_reaches_who_joined_since(workspace: Workspace) -> None:
    workspace.import_readers(READERS)
    workspace.run("send", "walking", "--to", "friends", "--yes")
    assert (
        "Everybody on friends has walking already"
        in workspace.run("send", "walking", "--to", "friends", "--yes").stdout
    )
    workspace.import_readers("email\nlate@example.org\n")
    shown = workspace.json("send", "walking", "--to", "friends", "--yes")
    assert shown["exclusions"] == {"already sent": 2}
    assert [str(parsed(path)["To"]) for path in workspace.mails(2)] == ["late@example.org"]


def test_without_consent_nobody_is_mailed(workspace: Workspace) -> None:
    file = workspace.folder / "readers.csv"
    file.write_text(READERS)
    workspace.run("lists", "add", "friends")
    assert "are pending" in workspace.run("subscribers", "import", str(file), "--list", "friends").stdout
    assert "nobody is subscribed" in workspace.run("send", "walking", "--to", "friends", "--yes", code=4).stderr.lower()


def test_a_dry_run_changes_nothing(workspace: Workspace) -> None:
    workspace.import_readers(READERS)
    shown = workspace.json("send", "walking", "--to", "friends", "--dry-run")
    assert shown["to_send"] == 2
    assert workspace.json("mailings", "list")["mailings"] == []
    assert workspace.mails() == []


def test_it_asks_and_a_no_or_nobody_there_sends_nothing(workspace: Workspace) -> None:
    workspace.import_readers(READERS)
    assert "Not sent." in workspace.run("send", "walking", "--to", "friends", stdin="n\n", code=2).stderr
    assert "--yes" in workspace.run("send", "walking", "--to", "friends", stdin="", code=2).stderr
    assert workspace.mails() == []
    workspace.run("send", "walking", "--to", "friends", stdin="y\n")
    assert len(workspace.mails()) == 2


def test_an_issue_with_errors_is_not_sent(workspace: Workspace) -> None:
    workspace.import_readers(READERS)
    workspace.write_issue("---\ntitel: Walking\n---\n\nText {{ frist_name }} [@nobody].\n")
    said = workspace.run("send", "walking", "--to", "friends", "--yes", code=4).stderr
    assert "Did you mean `title`?" in said
    assert "first_name" in said
    assert workspace.json("mailings", "list")["mailings"] == []


def test_check_tells_everything_at_once_as_text_json_and_annotations(workspace: Workspace) -> None:
    path = workspace.write_issue(
        "---\ntitel: Walking\ndate: yesterday\n---\n\n# Big\n\nText {{ frist_name }} [@nobody].\n"
    )
    found = workspace.json("check", "walking", code=1)["problems"]
    assert {"code", "level", "file", "line", "column", "message", "fix"} == set(found[0])
    errors = {(p["code"], p["line"]) for p in found if p["level"] == "error"}
    assert len({line for _, line in errors}) >= 4
    text = workspace.run("check", str(path), code=1).stdout
    assert "8 | Text {{ frist_name }} [@nobody]." in text
    assert "::error file=" in workspace.run("check", str(path.parent), "--format", "github", code=1).stdout


def test_a_required_disclaimer_cannot_be_dodged(workspace: Workspace) -> None:
    workspace.write_issue(
        "---\ntitle: News\npreheader: What is new in the practice this month and what it means for you\n---\n\nWe offer *stem*\ncells.\n"
    )
    out = workspace.folder / "rendered"
    workspace.run("render", "walking", "--out", str(out))
    for ending in ("html", "txt"):
        assert "Food and Drug Administration" in (out / f"walking.{ending}").read_text().replace("\n", " ")


def test_rendering_twice_gives_the_same_bytes(workspace: Workspace) -> None:
    outs = [workspace.folder / name for name in ("one", "two")]
    for out in outs:
        workspace.run("render", "walking", "--out", str(out))
    for ending in ("html", "txt", "eml", "json"):
        first, second = ((out / f"walking.{ending}").read_bytes() for out in outs)
        assert first == second


def test_a_bom_and_crlf_give_the_same_fingerprint(workspace: Workspace) -> None:
    path = workspace.folder / "issues" / "walking" / "issue.md"
    fingerprints = set()
    original = path.read_bytes()
    for content in (original, b"\xef\xbb\xbf" + original, original.replace(b"\n", b"\r\n")):
        path.write_bytes(content)
        workspace.run("render", "walking", "--out", str(workspace.folder / "out"))
        fingerprints.add(json.loads((workspace.folder / "out" / "walking.json").read_text())["fingerprint"])
    assert len(fingerprints) == 1


def test_a_proof_goes_to_staff_and_shows_a_readers_form(workspace: Workspace) -> None:
    workspace.import_readers(READERS)
    workspace.run("proof", "walking", "--to", "colleague@example.org", "--as-reader", "ada@example.org")
    (mail,) = (workspace.folder / "outbox" / "notices").glob("*.eml")
    assert parsed(mail)["To"] == "colleague@example.org"
    assert "Dear Ada" in part(parsed(mail), "plain")
    workspace.run("proof", "walking", "--to", "colleague@example.org", "--as-reader", "nobody@example.org", code=2)
    workspace.run("proof", "walking", "--to", "not an address", code=4)


def test_subscribers_show_tells_what_is_known_of_one_person(workspace: Workspace) -> None:
    workspace.import_readers(READERS)
    workspace.run("send", "walking", "--to", "friends", "--yes")
    shown = workspace.json("subscribers", "show", "ADA@example.org")
    assert shown["subscriber"]["attributes"] == {"city": "London"}
    assert [entry["status"] for entry in shown["lists"]] == ["subscribed"]
    assert (shown["consent"][0]["ground"], shown["consent"][0]["wording"]) == ("Signed the form", "")
    assert [(entry["issue"], entry["outcome"]) for entry in shown["mail"]] == [("walking", "accepted")]


HOSTILE = (
    "{{ 7*7 }}",
    "<script>alert(1)</script>",
    "%n",
    "-x-",
    "x" * 300,
    "Robert'); DROP TABLE--",
    '"quoted", comma;',
)


def test_hostile_names_do_no_harm_in_any_part_or_header(workspace: Workspace) -> None:
    rows = "".join(f'r{n}@example.org,"{name.replace(chr(34), chr(34) * 2)}"\n' for n, name in enumerate(HOSTILE))
    workspace.import_readers("email,first_name\n" + rows + 'bad@example.org,"two\nlines"\n', code=1)
    workspace.run("send", "walking", "--to", "friends", "--yes")
    mails = [parsed(path) for path in workspace.mails()]
    assert len(mails) == len(HOSTILE)
    for name, mail in zip(HOSTILE, mails, strict=True):
        text = " ".join(part(mail, "plain").split())
        assert f"Dear {name}," in text
        assert "<script>alert" not in part(mail, "html")
        assert not mail.defects
        assert len(mail.keys()) == len(set(mail.keys()))


def test_a_real_sender_is_refused_while_readers_links_lead_nowhere(workspace: Workspace) -> None:
    workspace.import_readers(READERS)
    workspace.environment |= {
        "NEWSLETTER_ESP_NAME": "sendgrid",
        "NEWSLETTER_NEWSLETTER_BASE_URL": "http://news.example.org",
        "SENDGRID_API_KEY": "SG.not-a-real-key",
    }
    refused = workspace.run("send", "walking", "--to", "friends", "--yes", code=4).stderr
    assert "must be https" in " ".join(refused.split())
    assert workspace.json("mailings", "list")["mailings"] == []


def test_a_missing_key_names_the_variable(workspace: Workspace) -> None:
    workspace.import_readers(READERS)
    workspace.environment["NEWSLETTER_ESP_NAME"] = "sendgrid"
    assert "SENDGRID_API_KEY" in workspace.run("send", "walking", "--to", "friends", "--yes", code=5).stderr


def test_another_secret_stops_everything(workspace: Workspace) -> None:
    workspace.import_readers(READERS)
    workspace.environment["NEWSLETTER_SECRET"] = "another one"
    workspace.run("send", "walking", "--to", "friends", "--yes", code=5)
    workspace.environment["NEWSLETTER_SECRET"] = ""
    (workspace.folder / ".env").unlink()
    assert "NEWSLETTER_SECRET" in workspace.run("subscribers", "show", "ada@example.org", code=5).stderr


def test_files_with_readers_data_are_for_their_owner_only(workspace: Workspace) -> None:
    workspace.import_readers(READERS)
    workspace.run("send", "walking", "--to", "friends", "--yes")
    for path in (workspace.database, workspace.folder / ".env", *workspace.mails()):
        assert path.stat().st_mode & 0o077 == 0, path


def test_init_and_new_make_what_passes_its_checks(workspace: Workspace) -> None:
    folder = workspace.folder / "fresh"
    workspace.run("init", str(folder))
    workspace.folder = folder
    levels = {p["level"] for p in workspace.json("check", "welcome")["problems"]}
    assert "error" not in levels
    workspace.run("new", 'Stairs: "up" & down')
    assert {p["level"] for p in workspace.json("check", "stairs-up-down")["problems"]} <= {"warning", "information"}
    assert "exists already" in workspace.run("new", "Stairs up down", code=2).stderr
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    workspace.run("init", str(folder))
    assert before == {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("what", ["settings", "issue"])
def test_schema_prints_a_json_schema(workspace: Workspace, what: str) -> None:
    schema = json.loads(workspace.run("schema", what).stdout)
    assert schema["type"] == "object"
    assert {"settings": "newsletter", "issue": "title"}[what] in schema["properties"]


def test_an_issue_that_nobody_has_signed_is_not_sent_where_policy_asks_for_it(workspace: Workspace) -> None:
    workspace.import_readers(READERS)
    workspace.environment["NEWSLETTER_POLICY_APPROVALS"] = "1"
    refused = workspace.run("send", "walking", "--to", "friends", "--yes", code=4).stderr
    assert "newsletter approve walking" in refused
    assert workspace.mails() == []


def test_a_rendered_page_shows_its_images_from_the_files_beside_it(workspace: Workspace) -> None:
    path = workspace.write_issue(ISSUE + '\n::: figure src="knee.png" alt="A knee"\nA knee\n:::\n')
    Image.new("RGB", (300, 200), "#0b6e4f").save(path.parent / "knee.png")
    out = workspace.folder / "out"
    workspace.run("render", "walking", "--out", str(out))
    (picture,) = out.glob("*.png")
    assert f'src="{picture.name}"' in (out / "walking.html").read_text()


def test_an_issue_is_found_from_anywhere_by_its_file(workspace: Workspace) -> None:
    path = workspace.write_issue()
    command = [word for word in workspace.command("check", str(path)) if word not in ("-C", str(workspace.folder))]
    done = subprocess.run(command, cwd="/", env=workspace.env(), capture_output=True, text=True, check=False)
    assert (done.returncode, "Ready to send" in done.stdout) == (0, True)


def test_a_misspelt_issue_or_list_names_the_nearest(workspace: Workspace) -> None:
    workspace.import_readers(READERS)
    assert "Did you mean walking?" in workspace.run("send", "walkin", "--to", "friends", "--yes", code=2).stderr
    assert "Did you mean friends?" in workspace.run("send", "walking", "--to", "freinds", "--yes", code=2).stderr


def test_a_mail_of_the_outbox_shows_its_images_without_a_server(workspace: Workspace) -> None:
    path = workspace.write_issue(ISSUE + '\n::: figure src="knee.png" alt="A knee"\nIt bends.\n:::\n')
    Image.new("RGB", (2400, 1200), "teal").save(path.parent / "knee.png")
    workspace.import_readers(READERS)
    workspace.run("send", "walking", "--to", "friends", "--yes")
    workspace.run("render", "walking", "--out", str(workspace.folder / "out"))
    shown = workspace.json("proof", "walking", "--to", "staff@example.org")
    proof = workspace.folder / "outbox" / "notices" / f"{shown['notice']:06}.eml"
    for mail in (*workspace.mails(), proof, workspace.folder / "out" / "walking.eml"):
        message = parsed(mail)
        (image,) = [one for one in message.walk() if one.get_content_maintype() == "image"]
        name = str(image["Content-ID"]).strip("<>")
        assert f'src="cid:{name}"' in part(message, "html")
        assert "/i/" not in part(message, "html")
        with Image.open(io.BytesIO(image.get_content())) as picture:
            assert picture.size == (1072, 536)  # twice the 536 pixels that it is shown at


def test_images_stay_on_the_web_where_the_settings_say_so(workspace: Workspace) -> None:
    path = workspace.write_issue(ISSUE + '\n::: figure src="knee.png" alt="A knee"\nIt bends.\n:::\n')
    Image.new("RGB", (80, 40), "teal").save(path.parent / "knee.png")
    with (workspace.folder / "newsletter.toml").open("a", encoding="utf-8") as file:
        file.write("\n[esp.outbox]\nembed_images = false\n")
    workspace.import_readers(READERS)
    workspace.run("send", "walking", "--to", "friends", "--yes")
    message = parsed(workspace.mails()[0])
    assert 'src="https://news.example.org/i/' in part(message, "html")
    assert not [one for one in message.walk() if one.get_content_maintype() == "image"]
