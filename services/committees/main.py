"""What the service committees is made of."""

from pathlib import Path

from services.committees.agendas.api import router as agendas
from services.committees.bodies.api import router as bodies
from services.committees.feeds.api import router as feeds
from services.committees.groups.api import router as groups
from services.committees.meetings.api import router as meetings
from services.committees.members.api import router as members
from services.committees.members.decider import WarnOfAbsence
from services.committees.members.decider import members as councillors
from services.committees.moderngov.api import router as moderngov
from services.committees.packs.api import router as packs
from services.committees.policies import POLICIES
from services.committees.rooms.api import router as rooms
from services.committees.views import ROUTERS, VIEWS
from shared.service.audit_trail import audit_trail
from shared.service.audit_trail import router as trail
from shared.service.operations import router as operations
from shared.service.read_audit import router as reads
from shared.service.service import Service

service = Service(
    context="committees",
    title="Committees",
    home=Path(__file__).parent,
    description="Members, groups, bodies and their seats, the calendar of meetings, rooms, agendas and attendance.",
    routers=(
        *ROUTERS,
        members,
        groups,
        bodies,
        rooms,
        meetings,
        agendas,
        packs,
        feeds,
        moderngov,
        trail,
        reads,
        operations,
    ),
    views=(*VIEWS, audit_trail("committees")),
    policies=POLICIES,
    deadlines=((councillors, WarnOfAbsence),),
)
