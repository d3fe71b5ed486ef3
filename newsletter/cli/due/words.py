"""What stopped a part, in one line that says what to do."""

from __future__ import annotations

import os
import traceback

from newsletter.cli.show import clean
from newsletter.cli.words import exit_code, explain, explain_fault
from newsletter.errors import NewsletterError, ProviderFailed, ServiceMissing
from newsletter.pipeline.running.tasks import PARTLY, Fault

#: a fault of ours, in the words of the exit codes: problems found
_OURS = 1


def fault_of(why: Exception) -> Fault:
    """A server that is away mends itself, as a rule; a fault of ours never does. No address stands in it."""
    if isinstance(why, NewsletterError):
        passing = isinstance(why, ServiceMissing | ProviderFailed)
        return Fault(words=_in_a_line(explain(why)), code=exit_code(why), passing=passing)
    if os.environ.get("NEWSLETTER_DEBUG"):
        traceback.print_exception(why)
    words, code = explain_fault(why)
    if code == PARTLY:
        return Fault(words=_in_a_line(words), code=_OURS)
    return Fault(words=_in_a_line(words), code=code, passing=True)


def _in_a_line(words: str) -> str:
    return " ".join(clean(words.replace("\n", " ")).split())
