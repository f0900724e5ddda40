"""What the service notifications is made of."""

from pathlib import Path

from services.notifications.enquiries.api import router as enquiries
from services.notifications.live import live
from services.notifications.messages.api import router as messages
from services.notifications.policies import POLICIES
from services.notifications.preferences.api import router as preferences
from services.notifications.print_jobs.api import batches as print_batches
from services.notifications.print_jobs.api import router as print_jobs
from services.notifications.sending.api import callbacks
from services.notifications.sending.api import router as receipts
from services.notifications.sending.worker import sending
from services.notifications.views import ROUTERS, VIEWS
from shared.service.audit_trail import audit_trail
from shared.service.audit_trail import router as trail
from shared.service.operations import router as operations
from shared.service.read_audit import router as reads
from shared.service.service import Service

service = Service(
    context="notifications",
    title="Notifications",
    home=Path(__file__).parent,
    description="What the council writes, from the fact that asks for it to its delivery; and what people ask the council.",
    routers=(*ROUTERS, messages, preferences, print_jobs, print_batches, receipts, enquiries, trail, reads, operations),
    views=(*VIEWS, audit_trail("notifications")),
    policies=POLICIES,
    sending=sending,
    live=live,
    parts=(callbacks,),
)
