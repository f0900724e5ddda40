"""What happens in electoral registration, a module for each thing decided. Import events from here.

Every person's data is sealed under `person_id`. Free text written by officers about a person is personal too.
Fields are only ever added, and only with a default.
"""

from shared.events.registration.absent_votes import *  # noqa: F403
from shared.events.registration.anonymous import *  # noqa: F403
from shared.events.registration.applications import *  # noqa: F403
from shared.events.registration.canvass import *  # noqa: F403
from shared.events.registration.data_protection import *  # noqa: F403
from shared.events.registration.declarations import *  # noqa: F403
from shared.events.registration.duplicates import *  # noqa: F403
from shared.events.registration.electors import *  # noqa: F403
from shared.events.registration.hearings import *  # noqa: F403
from shared.events.registration.identifiers import *  # noqa: F403
from shared.events.registration.inspections import *  # noqa: F403
from shared.events.registration.invitations import *  # noqa: F403
from shared.events.registration.marked_registers import *  # noqa: F403
from shared.events.registration.movers import *  # noqa: F403
from shared.events.registration.notices import *  # noqa: F403
from shared.events.registration.own_entries import *  # noqa: F403
from shared.events.registration.portal import *  # noqa: F403
from shared.events.registration.properties import *  # noqa: F403
from shared.events.registration.renewals import *  # noqa: F403
from shared.events.registration.renumbering import *  # noqa: F403
from shared.events.registration.supply import *  # noqa: F403
from shared.events.registration.voter_cards import *  # noqa: F403
