"""Submitted forms that wait for their acknowledgement: it closes the form, or shows it again with what was typed."""

import asyncio
from collections.abc import Mapping
from typing import Any

from adapters.slack.modals import SubmittedForm, answer_view
from adapters.slack.render.mrkdwn import Block

ACK_PATIENCE = 1.5
"""Seconds for which the acknowledgement waits for the answer. Slack gives three, and the way takes a part of them."""


class Submission:
    """A submitted form. Its answer decides what the acknowledgement shows, if it comes in time.

    Attributes:
        body: as Slack sent it.
        form: what it says.
    """

    def __init__(self, body: Mapping[str, Any], form: SubmittedForm) -> None:
        self.body, self.form = body, form
        self._view: asyncio.Future[Block | None] = asyncio.get_running_loop().create_future()
        self._is_acknowledged = False

    async def acknowledgement(self, patience: float) -> Block | None:
        """Return the view to show instead of the form; None closes it.

        A form that was opened where there is no channel is answered in its own modal, so it does not close.

        Args:
            patience: seconds to wait for the answer.
        """
        if self.form.response_url:
            await asyncio.wait({self._view}, timeout=patience)
        self._is_acknowledged = True
        return self._view.result() if self._view.done() else answer_view()

    def acknowledge_with(self, view: Block | None) -> bool:
        """Set the view for the acknowledgement.

        Returns False if the acknowledgement was sent already; then the modal is open and waits for an update.
        """
        if self._is_acknowledged or not self.form.response_url:
            return False
        self._view.set_result(view)
        return True
