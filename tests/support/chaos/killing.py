"""`kill -9` at random moments, the same command again, until a mailing is through."""

from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING

from tests.support.chaos.trial import require

if TYPE_CHECKING:
    import random

    from tests.support.chaos.trial import Trial
    from tests.support.running import Running

#: a mailing that is started so often and does not end goes round in circles
_MOST_RUNS = 60
OVER = {"finished", "cancelled", "missed"}


def kill_again_and_again(trial: Trial, chance: random.Random, kills: int, *, further: int = 40) -> None:
    """Kill the command while it starts, or soon after up to `further` more mails are out."""
    for _ in range(kills):
        if trial.state() in OVER:
            return
        process = trial.go_on()
        _wait_for_a_moment(trial, chance, process, further)
        # before the first mail there is much to be killed at: checking, rendering, planning
        end_at_once(trial, process)
        if chance.random() < 0.3:
            trial.hurry()


def _wait_for_a_moment(trial: Trial, chance: random.Random, process: Running, further: int) -> None:
    if chance.random() < 0.25:
        time.sleep(chance.uniform(0, 0.4))
        return
    wait_for_mails(trial, process, chance.randint(1, further))
    time.sleep(chance.choice((0.0, chance.uniform(0, 0.003), chance.uniform(0, 0.05))))


def wait_for_mails(trial: Trial, process: Running, further: int, patience: float = 15) -> None:
    """Until so many more mails are out, the process has ended, or nothing happens for long."""
    until, target = time.monotonic() + patience, trial.provider.count() + further
    while trial.provider.count() < target and process.poll() is None and time.monotonic() < until:
        time.sleep(0.001)


def end_at_once(trial: Trial, process: Running) -> None:
    """Whatever it is at. One that has ended by itself is listened to."""
    code = process.poll()
    if code is None:
        process.send_signal(signal.SIGKILL)
        code = process.wait()
    said, warned = process.stdout.read(), process.stderr.read()
    process.kill()  # closes its pipes
    if code == -signal.SIGKILL:
        trial.kills += 1
        require("Traceback" not in warned, warned)
    else:
        trial.heard(code, said, warned)


def finish(trial: Trial) -> None:
    """Run it until it is through: after each pause again, and nobody who was put off is waited for."""
    for _ in range(_MOST_RUNS):
        if trial.state() in OVER:
            return
        trial.hurry()
        process = trial.go_on()
        while process.poll() is None:
            time.sleep(0.03)
            if trial.is_planned():
                trial.hurry()
        said, warned = process.communicate()
        trial.heard(process.poll() or 0, said, warned)
    require(False, f"after {_MOST_RUNS} runs it is {trial.state()}")
