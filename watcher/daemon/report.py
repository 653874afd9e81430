"""One closing line in the log for each file."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from watcher.model import Outcome, describe_unread, readable_path

if TYPE_CHECKING:
    from structlog.typing import FilteringBoundLogger


def log_outcomes(log: FilteringBoundLogger, outcomes: Iterable[Outcome]) -> None:
    """Say how each file ended: what asks for a person as a warning, what was ignored only to those who want to know."""
    for outcome in outcomes:
        more = f" (+{len(outcome.titles) - 1} more)" if len(outcome.titles) > 1 else ""
        fields = {
            "title": outcome.titles[0] + more if outcome.titles else None,
            "publisher": outcome.publisher,
            "alerts": outcome.alert_count or None,
            "reason": outcome.reason,
            "path": readable_path(os.path.basename(outcome.path)),
        }
        told = {name: value for name, value in fields.items() if value is not None}
        if outcome.state in ("failed", "waiting"):
            log.warning(outcome.state, **told)
        elif outcome.state == "ignored":
            log.debug(outcome.state, **told)
        elif outcome.unread:
            log.warning(outcome.state, **told, unread=describe_unread(outcome.unread))
        else:
            log.info(outcome.state, **told)
