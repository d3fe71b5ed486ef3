"""A SendGrid that keeps requests waiting."""

from __future__ import annotations

from typing import Any

from tests.fakes.sendgrid import FakeSendGrid


class SlowSendGrid(FakeSendGrid):
    """Takes requests and, when told to, answers them only once `released` is set."""

    slow = False

    def take(self, body: dict[str, Any]) -> None:
        super().take(body)
        if self.slow:
            self.released.wait(60)
