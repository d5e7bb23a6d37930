"""What follows from facts for a complaint."""

from datetime import datetime, time

from complaints.actions.tracing import start_time_of_platform
from microguard.core.clock import CHINA
from microguard.events.models import Event
from microguard.events.subscriptions import on
from microguard.notifications.models import Dispatch, HandDelivery


@on("notice.sent", subscriber="complaints:platform_asked")
def start_terms_of_platform(event: Event) -> None:
    """Start the time of a platform to answer when our question who the seller is was handed over to it."""
    if event.facts["notice"] != "platform.identity_asked:platforms":
        return
    dispatch: Dispatch = Dispatch.by_pk(event.facts["dispatch"])
    if dispatch.office_id is not None:
        key = int(event.chain.removeprefix("case/"))
        start_time_of_platform(complaint_id=key, office_id=dispatch.office_id, at=_reached(dispatch, event.at))


def _reached(dispatch: Dispatch, noted_at: datetime) -> datetime:
    """Return when the message reached the platform: a letter on the day that was noted, not when it was."""
    brought = HandDelivery.objects.filter(dispatch=dispatch).first()
    if brought is None:
        return noted_at
    return min(noted_at, datetime.combine(brought.delivered_date, time(12), CHINA))
