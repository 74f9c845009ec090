"""The one door to the audit trail: who, for whom, when, what, before and after.

Never card data, tokens or passwords. Call it in the transaction of the act: both stand, or neither does.
"""

from typing import Any

from django.db import models

from home.models import AuditEntry
from home.tenancy import current_site_id

Facts = dict[str, Any]


def note(
    action: str,
    about: models.Model,
    *,
    actor_id: int | None,
    merchant_id: int | None = None,
    on_behalf_of_id: int | None = None,
    before: Facts | None = None,
    after: Facts | None = None,
) -> AuditEntry:
    """Write one trace about a row, in the portal in scope. ``action`` reads « noun.verb », like ``order.refund``.

    ``on_behalf_of_id`` is the merchant for whom an adviser acts.
    """
    entry: AuditEntry = AuditEntry.objects.create(
        site_id=current_site_id(),
        actor_id=actor_id,
        merchant_id=merchant_id,
        on_behalf_of_id=on_behalf_of_id,
        action=action,
        object_type=str(about._meta.model_name),
        object_id=str(about.pk),
        before=before or {},
        after=after or {},
    )
    return entry
