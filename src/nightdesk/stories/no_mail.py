"""The newsroom's own steps send no mail: who waits for whom stands on the admin's first page.

Wagtail would mail everybody who may approve, and whoever sent a story for review, from whatever
process it happens in. It gives each of its receivers a name and keeps the first of each name; so
ours, which does nothing, comes first.
"""

from __future__ import annotations

from wagtail.models import TaskState, WorkflowState
from wagtail.signals import (
    task_submitted,
    workflow_approved,
    workflow_rejected,
    workflow_submitted,
)

_RECEIVERS = (
    (task_submitted, TaskState, "group_approval_task_submitted_email_notification"),
    (workflow_submitted, WorkflowState, "workflow_state_submitted_email_notification"),
    (workflow_rejected, WorkflowState, "workflow_state_rejected_email_notification"),
    (workflow_approved, WorkflowState, "workflow_state_approved_email_notification"),
)


def listen() -> None:
    for signal, sender, name in _RECEIVERS:
        signal.connect(_nothing, sender=sender, dispatch_uid=name)


def _nothing(**_kwargs: object) -> None:
    pass
