"""What the service elections is made of."""

from pathlib import Path

from services.elections.calendar.api import router as bank_holidays
from services.elections.live import live
from services.elections.policies import POLICIES
from services.elections.polls.api import router as polls
from services.elections.views import VIEWS
from services.elections.views.pages import router as pages
from shared.service.audit_trail import audit_trail
from shared.service.audit_trail import router as trail
from shared.service.operations import router as operations
from shared.service.read_audit import router as reads
from shared.service.service import Service

service = Service(
    context="elections",
    title="Elections",
    home=Path(__file__).parent,
    description="Polls of every kind, their contests and electorates, statutory timetables, notices and checklists.",
    routers=(polls, bank_holidays, pages, trail, reads, operations),
    views=(*VIEWS, audit_trail("elections")),
    policies=POLICIES,
    live=live,
)
