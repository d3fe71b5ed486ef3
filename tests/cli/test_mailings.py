"""What an operator sees of mailings, and what they can do about them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import click
import pytest

from newsletter.errors import MailingNotFound, StateForbids
from newsletter.model.event import Fate
from newsletter.model.letter import Answer, Verdict
from newsletter.model.mailing import MailingState, Outcome
from newsletter.store import tables as t
from tests.support.mailing import ACCEPTED, BEGIN
from tests.support.operator import scripted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.support.operator import Operator

NO_KEY = Answer(verdict=Verdict.NOT_AUTHORISED, detail="the provider does not accept the key")
LOST = Answer(verdict=Verdict.UNCERTAIN, detail="the connection broke before an answer came", provider_id="abc.17")
REFUSED = Answer(verdict=Verdict.REFUSED, detail="message too long")


def blaming(n: int, why: str = "no such mailbox") -> Answer:
    return Answer(verdict=Verdict.ACCEPTED, blamed={n: why})


def test_without_mailings_the_list_says_how_to_begin(operator: Operator) -> None:
    assert "newsletter send ISSUE --to LIST" in operator.reads("mailings", "list")
    assert operator.json("mailings", "list") == {"mailings": []}


def test_the_list_has_the_newest_first_with_what_needs_a_look(operator: Operator) -> None:
    operator.sent(4, blaming(1), LOST)
    operator.sent(1200, NO_KEY, issue="stairs")
    second, first = operator.reads("mailings", "list").splitlines()
    assert first == "   1  2026-12-01 01:00  finished       2 of 4 accepted (1 refused, 1 uncertain)  walking to news"
    assert second == "   2  2026-12-01 01:00  paused     0 of 1,200 accepted  stairs to news"


def test_the_list_can_be_narrowed(operator: Operator) -> None:
    operator.sent(4)
    operator.sent(4, NO_KEY, issue="stairs")
    assert [one["mailing"] for one in operator.json("mailings", "list", "--state", "paused")["mailings"]] == [2]
    assert [one["mailing"] for one in operator.json("mailings", "list", "--issue", "walking")["mailings"]] == [1]
    assert operator.reads("mailings", "list", "--issue", "walking", "--state", "paused") == "No such mailing.\n"


def test_a_mailing_that_went_well_says_so_in_a_few_lines(operator: Operator) -> None:
    operator.sent(4)
    assert operator.reads("mailings", "show", "1").splitlines() == [
        "Mailing 1: walking to news, finished",
        "  begun 2026-12-01 01:00 PST, finished 2026-12-01 01:00 PST, through scripted",
        "  accepted           4",
        "  audience           4",
    ]


def test_what_is_refused_is_told_with_its_reasons_the_most_frequent_first(operator: Operator) -> None:
    operator.sent(9, blaming(2), blaming(4, "mailbox\x1b full"), REFUSED)
    shown = operator.reads("mailings", "show", "1")
    reasons = [line for line in shown.splitlines() if line.startswith("  refused (")]
    assert reasons == [
        "  refused (3): message too long",
        "  refused (1): mailbox\ufffd full",
        "  refused (1): no such mailbox",
    ]
    assert "newsletter mailings retry 1" in shown
    assert operator.json("mailings", "show", "1")["refusals"] == {
        "message too long": 3,
        "mailbox\x1b full": 1,
        "no such mailbox": 1,
    }


def test_of_many_reasons_the_first_are_told_and_the_others_counted(operator: Operator) -> None:
    operator.sent(30, *(blaming(n * 3 + 1, f"reason {n}") for n in range(10)))
    shown = operator.reads("mailings", "show", "1")
    assert "refused (2) for 2 other reasons; all of them:\n    newsletter mailings export 1 --outcome refused" in shown


def test_after_a_change_of_senders_each_is_told_with_its_count(operator: Operator) -> None:
    operator.sent(6)
    with operator.store.write() as connection:
        last = t.attempts.c.first == 4
        connection.execute(t.attempts.update().where(last).values(sender="smtp"))
    assert "through scripted (3), smtp (3) " in " ".join(operator.reads("mailings", "show", "1").split())
    assert operator.json("mailings", "show", "1")["accepted_through"] == {"scripted": 3, "smtp": 3}
    with operator.store.write() as connection:
        connection.execute(t.attempts.update().values(sender="smtp"))
    assert "through smtp (6) in place of scripted" in " ".join(operator.reads("mailings", "show", "1").split())


def test_exclusions_stand_with_their_reasons(operator: Operator) -> None:
    operator.desk.readers(4)
    number = operator.desk.plan()
    operator.desk.leave("reader0002@example.org")
    operator.desk.send(number, scripted())
    shown = operator.reads("mailings", "show", "1")
    assert "  excluded           1\n    of them unsubscribed: 1\n  audience           4\n" in shown


def test_fates_are_counted_beside_the_sum(operator: Operator) -> None:
    operator.sent(4)
    with operator.store.write() as connection:
        for n, fate in ((1, Fate.DELIVERED), (2, Fate.HARD_BOUNCE)):
            connection.execute(t.fates.insert().values(mailing=1, n=n, fate=fate, reason="", at=BEGIN))
    shown = operator.reads("mailings", "show", "1")
    assert "What became of those accepted, as reported so far:\n  delivered             1\n" in shown
    assert "  hard bounce           1\n  no report yet         2\n" in shown
    assert operator.json("mailings", "show", "1")["fates"] == {"delivered": 1, "hard bounce": 1}


def test_a_mailing_that_is_not_there_is_refused(operator: Operator) -> None:
    for words in (["show"], ["pause"], ["resume"], ["retry", "--yes"], ["export"], ["watch"]):
        with pytest.raises(MailingNotFound):
            operator.types("mailings", words[0], "7", *words[1:])
    with pytest.raises(MailingNotFound):
        operator.types("mailings", "cancel", "7", "--reason", "x", "--yes")
    with pytest.raises(MailingNotFound):
        operator.types("mailings", "resolve", "7", "--accepted")


def test_the_json_is_complete_and_its_sum_holds(operator: Operator) -> None:
    operator.sent(9, blaming(2), LOST, NO_KEY)
    shown = operator.json("mailings", "show", "1")
    assert (shown["state"], shown["reason"]) == ("paused", NO_KEY.detail)
    assert shown["outcomes"] == {
        **dict.fromkeys(("in flight", "excluded", "cancelled"), 0),
        "planned": 3,
        "accepted": 2,
        "refused": 1,
        "uncertain": 3,
    }
    assert (shown["sum"], shown["sum_holds"], shown["audience"]) == (9, True, 9)
    [doubt] = shown["doubts"]
    assert (doubt["deliveries"], doubt["first"], doubt["last"], doubt["sender"]) == (3, 4, 6, "scripted")
    assert (doubt["provider_id"], doubt["detail"]) == ("abc.17", LOST.detail)
    assert {"pending", "fates", "tracking", "variants", "waivers", "sent_by", "latest_at"} <= shown.keys()


class TestDoubt:
    def test_without_reports_the_three_choices_come_at_once(self, operator: Operator) -> None:
        operator.sent(6, LOST)
        shown = operator.reads("mailings", "show", "1")
        assert "In doubt: nobody can say whether 3 deliveries arrived." in shown
        assert "3 deliveries through scripted, since 2026-12-01 01:00 PST (5 minutes):" in shown
        assert "deliveries 1 to 3; scripted's own id abc.17" in shown
        choices = ["resolve 1 --accepted", "resolve 1 --not-sent", "or leave it", "gets it twice", "two copies."]
        assert [choice for choice in choices if choice in shown] == choices
        assert "late report" not in shown

    def test_where_a_report_may_come_it_is_waited_for_half_an_hour(self, operator: Operator) -> None:
        operator.sent(6, LOST)
        operator.settings('[mailbox]\naddress = "bounces@example.org"\nhost = "imap.example.org"\n')
        with operator.store.write() as connection:
            connection.execute(t.attempts.update().values(sender="smtp"))
        shown = operator.reads("mailings", "show", "1")
        assert "A report of the provider may settle it: wait until 2026-12-01 01:30 PST." in shown
        assert "--accepted" not in shown
        operator.now += timedelta(minutes=26)
        shown = operator.reads("mailings", "show", "1")
        assert "No report has settled it within 30 minutes." in shown
        assert "resolve 1 --accepted" in shown
        assert "A late report still settles it." in shown

    def test_no_backup_is_blamed_for_what_an_attempt_left_open(self, operator: Operator) -> None:
        operator.sent(3, Answer(verdict=Verdict.ACCEPTED, doubtful={2: "it hung up"}))
        said = operator.reads("mailings", "resolve", "1", "--accepted", "--delivery", "1")
        assert "in doubt (1): it hung up" in said

    def test_single_doubts_of_one_attempt_keep_their_own_words(self, operator: Operator) -> None:
        operator.sent(3, Answer(verdict=Verdict.ACCEPTED, doubtful={1: "it hung up", 3: "no reply to the end"}))
        said = operator.reads("mailings", "resolve", "1", "--accepted", "--delivery", "2")
        assert "in doubt (1): it hung up\n  in doubt (1): no reply to the end\n" in said
        assert [one["first"] for one in operator.json("mailings", "show", "1")["doubts"]] == [1, 3]

    def test_what_is_opened_again_is_not_finished(self, operator: Operator) -> None:
        operator.sent(3, LOST)
        assert "finished 2026" in operator.reads("mailings", "show", "1")
        operator.types("mailings", "resolve", "1", "--not-sent")
        assert "finished 2026" not in operator.reads("mailings", "show", "1")

    def test_many_attempts_are_counted(self, operator: Operator) -> None:
        operator.sent(30, *[ACCEPTED, LOST, LOST] * 3)
        shown = operator.reads("mailings", "show", "1")
        assert "18 deliveries through scripted" in shown
        assert shown.count("    attempt ") == 5
        assert "1 more attempt with 3 deliveries: --json" in shown

    def test_it_is_settled_by_a_persons_word(self, operator: Operator) -> None:
        operator.sent(6, LOST)
        said = operator.reads("mailings", "resolve", "1", "--accepted")
        assert said.startswith(
            "Settled 3 uncertain deliveries.\nMailing 1: walking to news, finished\n  accepted           6"
        )

    def test_single_deliveries_can_be_settled_and_others_stay(self, operator: Operator) -> None:
        operator.sent(6, LOST)
        said = operator.reads("mailings", "resolve", "1", "--not-sent", "--delivery", "2", "--delivery", "5")
        assert "Settled 1 uncertain delivery.\n1 delivery of those named was not uncertain: unchanged.\n" in said
        assert "To go on with the rest, run: newsletter mailings resume 1" in said
        outcomes = operator.desk.tally(1).outcomes
        assert outcomes == {Outcome.ACCEPTED: 3, Outcome.UNCERTAIN: 2, Outcome.PLANNED: 1}

    @pytest.mark.parametrize("words", [(), ("--accepted", "--not-sent")])
    def test_one_of_two_words_has_to_be_said(self, words: tuple[str, ...], operator: Operator) -> None:
        operator.sent(6, LOST)
        with pytest.raises(click.UsageError):
            operator.types("mailings", "resolve", "1", *words)
        assert operator.desk.tally(1)[Outcome.UNCERTAIN] == 3


class TestPausing:
    def test_a_mailing_that_is_being_sent_is_paused_with_its_reason(self, operator: Operator) -> None:
        operator.sent(6, NO_KEY)
        operator.being_sent(1)
        said = operator.reads("mailings", "pause", "1", "--reason", "wrong date")
        assert said.startswith("Mailing 1: walking to news, paused (by hand: wrong date)\n  planned            6\n")
        assert "To go on with the rest, run: newsletter mailings resume 1" in said
        assert operator.json("mailings", "pause", "1")["reason"] == "by hand: wrong date"

    def test_one_that_is_over_is_not(self, operator: Operator) -> None:
        operator.sent(3)
        with pytest.raises(StateForbids):
            operator.types("mailings", "pause", "1")

    def test_who_stopped_it_is_told_to_programs(self, operator: Operator) -> None:
        operator.sent(6, NO_KEY)
        assert operator.json("mailings", "show", "1")["paused_by"] is None
        assert operator.json("mailings", "pause", "1", "--reason", "wrong date")["paused_by"] == "person"
        assert operator.desk.mailing(1).reason == "by hand: wrong date"

    @pytest.mark.parametrize(
        "answers",
        [[REFUSED] * 7, [Answer(verdict=Verdict.NOT_AUTHORISED, detail="no answer, thrice", doubtful={1: "silence"})]],
    )
    def test_after_too_many_refusals_or_doubts_only_a_person_lets_it_go_on(
        self, answers: list[Answer], operator: Operator
    ) -> None:
        operator.sent(60, *answers)
        told = operator.json("mailings", "show", "1")
        assert (told["state"], told["paused_by"]) == ("paused", "alarm")

    def test_a_pause_by_itself_says_what_to_put_right(self, operator: Operator) -> None:
        operator.sent(6, NO_KEY)
        shown = operator.reads("mailings", "show", "1")
        assert f"paused ({NO_KEY.detail})" in shown
        assert (
            "Put right what it says above; then, to go on with the rest, run:\n  newsletter mailings resume 1" in shown
        )

    def test_whether_somebody_sends_it_is_told(self, operator: Operator) -> None:
        operator.sent(6, NO_KEY)
        operator.being_sent(1)
        assert "It is being sent. To watch it, run: newsletter mailings watch 1" in operator.reads(
            "mailings", "show", "1"
        )
        operator.now += timedelta(hours=1)
        shown = operator.reads("mailings", "show", "1")
        assert "Nobody is sending it now. To go on with the rest, run:\n  newsletter mailings resume 1" in shown

    def test_outside_its_hours_it_says_when_it_goes_on(self, operator: Operator) -> None:
        operator.sent(6, NO_KEY)
        operator.being_sent(1)
        operator.settings('[sending]\nhours = "08:00-20:00"\ndays = ["mon", "wed", "thu", "fri"]\nper_hour = 100\n')
        operator.now += timedelta(hours=1)  # on Tuesday, 1 December 2026, at 02:05
        shown = operator.reads("mailings", "show", "1")
        assert "mail may leave Mon, Wed, Thu, Fri, 08:00-20:00 only (America/Los_Angeles)" in shown
        assert "From 2026-12-02 08:00 PST on, run: newsletter mailings resume 1" in shown

    def test_a_window_that_opens_after_the_latest_time_is_no_hope(self, operator: Operator) -> None:
        operator.sent(6, NO_KEY, latest_at=operator.now + timedelta(hours=2))
        operator.being_sent(1)
        operator.settings('[sending]\nhours = "08:00-20:00"\n')
        assert "after its latest time: nobody else will get it" in operator.reads("mailings", "show", "1")

    def test_an_hour_that_is_full_says_when_there_is_room(self, operator: Operator) -> None:
        operator.sent(6, ACCEPTED, NO_KEY)
        operator.being_sent(1)
        operator.settings("[sending]\nper_hour = 3\nper_second = 0.5\n")
        shown = operator.reads("mailings", "show", "1")
        assert "at most 0.5 a second, 3 an hour; there is room again at 2026-12-01 02:00 PST" in shown


class TestCancelling:
    def test_it_asks_with_the_numbers_and_a_no_changes_nothing(self, operator: Operator) -> None:
        operator.sent(9, ACCEPTED, LOST, NO_KEY)
        asked = operator.types("mailings", "cancel", "1", "--reason", "wrong dose", answer="n\n")
        assert (asked.return_value, "Not cancelled." in asked.stderr) == (2, True)
        assert operator.desk.mailing(1).state is MailingState.PAUSED

    def test_nobody_there_to_answer_is_a_no(self, operator: Operator) -> None:
        operator.sent(9, ACCEPTED, NO_KEY)
        with pytest.raises(click.UsageError, match="Nobody answered: add --yes"):
            operator.types("mailings", "cancel", "1", "--reason", "wrong dose")

    def test_the_question_says_who_has_it_and_who_will_not_get_it(self, operator: Operator) -> None:
        operator.sent(9, ACCEPTED, LOST, NO_KEY)
        asked = operator.types("mailings", "cancel", "1", "--reason", "wrong dose", answer="y\n")
        assert (
            "Of mailing 1 (walking) 3 have it, 3 may have it, 3 will not get it.\nCancel it for good?" in asked.stderr
        )
        assert "Mailing 1: walking to news, cancelled (wrong dose)" in asked.stdout
        assert operator.desk.tally(1)[Outcome.CANCELLED] == 3

    def test_the_cancelled_can_get_it_by_a_new_mailing(self, operator: Operator) -> None:
        operator.sent(6, ACCEPTED, NO_KEY)
        said = operator.reads("mailings", "cancel", "1", "--reason", "wrong dose", "--yes")
        assert "A new mailing reaches them:\n  newsletter send walking --to news" in said

    def test_a_second_round_is_not_continued_by_a_first(self, operator: Operator) -> None:
        operator.sent(6, ACCEPTED, NO_KEY, again="corrected")
        said = operator.reads("mailings", "cancel", "1", "--reason", "wrong dose", "--yes")
        assert "all others once more: newsletter send walking --to news --again REASON" in said

    def test_when_is_told(self, operator: Operator) -> None:
        operator.sent(6, ACCEPTED, NO_KEY)
        operator.types("mailings", "cancel", "1", "--reason", "wrong dose", "--yes")
        assert ", cancelled 20" in operator.reads("mailings", "show", "1")

    def test_a_long_reason_stays_within_the_terminal(self, operator: Operator) -> None:
        operator.sent(6, blaming(1, "a mailbox that is so full that not one more mail fits, says its server"), NO_KEY)
        why = "the dose in the second table is wrong, and the author has to look at it once more"
        said = operator.reads("mailings", "cancel", "1", "--reason", why, "--yes")
        assert max(map(len, said.splitlines())) <= 80
        assert " ".join(said.split()).startswith(f"Mailing 1: walking to news, cancelled ({why})")

    @pytest.mark.parametrize("state", [MailingState.SENDING, MailingState.PAUSED])
    def test_what_a_dead_process_had_in_hand_is_settled_first(
        self, state: MailingState, operator: Operator, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """By what its sender remembers: all of it may have gone. The mailing is cancelled, not finished."""
        from newsletter import wiring

        operator.desk.readers(3)
        number = operator.desk.plan()
        ledger = operator.desk.ledger()
        ledger.claim(ledger.take(number, "nobody", BEGIN), "attempt", "scripted", BEGIN, 3)
        if state is MailingState.PAUSED:
            operator.types("mailings", "pause", "1")
        seen: list[MailingState] = []

        def remembers(numbers: Sequence[int]) -> Answer:
            seen.append(operator.desk.mailing(1).state)
            return Answer(verdict=Verdict.TRY_LATER, taken=frozenset(numbers))

        sender = scripted()
        sender.remembers = remembers
        monkeypatch.setattr(wiring, "open_senders", lambda _place: [sender])
        monkeypatch.setattr(wiring, "may_be_alive", lambda _owner: False)
        done = operator.types("mailings", "cancel", "1", "--reason", "wrong dose", "--yes")
        assert "Mailing 1: walking to news, cancelled (wrong dose)\n  accepted           3\n" in done.stdout
        assert seen == [state]

    def test_a_reason_is_needed(self, operator: Operator) -> None:
        operator.sent(6, ACCEPTED, NO_KEY)
        for words in ((), ("--reason", " ")):
            with pytest.raises(click.UsageError):
                operator.types("mailings", "cancel", "1", "--yes", *words)

    def test_what_is_through_is_not_cancelled(self, operator: Operator) -> None:
        operator.sent(3)
        with pytest.raises(StateForbids):
            operator.types("mailings", "cancel", "1", "--reason", "x", "--yes")


class TestTryingAgain:
    def test_it_says_how_many_and_why_before_it_asks(self, operator: Operator) -> None:
        operator.sent(9, blaming(1), REFUSED)
        asked = operator.types("mailings", "retry", "1", answer="y\n")
        assert "  refused (3): message too long\n  refused (1): no such mailbox\n" in asked.stderr
        assert "Plan 4 refused readers again?" in asked.stderr
        assert "Planned 4 refused readers again.\n" in asked.stdout
        assert "newsletter mailings resume 1" in asked.stdout
        assert operator.desk.tally(1).outcomes == {Outcome.ACCEPTED: 5, Outcome.PLANNED: 4}

    def test_a_no_changes_nothing(self, operator: Operator) -> None:
        operator.sent(9, blaming(1), REFUSED)
        assert operator.types("mailings", "retry", "1", answer="n\n").return_value == 2
        assert operator.desk.tally(1)[Outcome.REFUSED] == 4

    def test_it_can_be_for_one_reason_only(self, operator: Operator) -> None:
        operator.sent(9, blaming(1), REFUSED)
        assert operator.json("mailings", "retry", "1", "--yes", "--reason", "Too Long")["planned_again"] == 3
        assert operator.desk.tally(1)[Outcome.REFUSED] == 1
        with pytest.raises(click.UsageError, match="nobody was refused with these words"):
            operator.types("mailings", "retry", "1", "--yes", "--reason", "quota")

    def test_a_refusal_without_words_can_be_meant_too(self, operator: Operator) -> None:
        operator.sent(6, Answer(verdict=Verdict.REFUSED))
        assert operator.json("mailings", "retry", "1", "--yes", "--reason", "no reason given")["planned_again"] == 3

    def test_where_nobody_was_refused_nothing_is_asked(self, operator: Operator) -> None:
        operator.sent(3)
        assert operator.reads("mailings", "retry", "1").startswith("Planned 0 refused readers again.\nMailing 1: ")


@pytest.mark.parametrize(
    "words", ["show", "pause", "resume", "cancel --reason x", "retry", "resolve --accepted", "export", "watch"]
)
def test_a_number_that_no_mailing_can_have_is_a_slip(operator: Operator, words: str) -> None:
    command, *more = words.split()
    with pytest.raises(MailingNotFound):
        operator.types("mailings", command, "99999999999999999999", *more)
