"""We were stopped (lease lost, database gone): each answer that can still be stored is doubt that does not arise."""

from __future__ import annotations

from concurrent.futures import wait
from typing import TYPE_CHECKING

from newsletter.errors import NewsletterError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from concurrent.futures import Future

    from newsletter.deliver.flight import Flight
    from newsletter.model.letter import Answer

#: so often in all we try, a second apart, until the database is back
_MOST_TRIES = 20


def rescue(
    flying: Mapping[Future[Answer], Flight],
    store: Callable[[Flight, Answer], None],
    sleep: Callable[[float], None],
) -> None:
    """Wait for what is on its way, and store what came of it. What may be repeated without harm is not waited for."""
    left = [(future, flight) for future, flight in flying.items() if not flight.leg.sender.repeatable]
    wait([future for future, _ in left])
    tries = 0
    while left and tries < _MOST_TRIES:
        future, flight = left[0]
        if _is_stored(store, flight, flight.answer(future)):
            left.pop(0)
        else:
            tries += 1
            sleep(1.0)


def _is_stored(store: Callable[[Flight, Answer], None], flight: Flight, answer: Answer) -> bool:
    try:
        store(flight, answer)
    except NewsletterError:
        return True  # it clears up what it can (LeaseLost), or was stored before we were stopped (IllegalMove)
    except Exception:  # noqa: BLE001 - whatever the database says, the next try will tell
        return False
    return True
