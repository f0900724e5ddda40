"""The event core's functions as this build has them, in both stores: `begin_streams` is new to one that an older build began."""

from services.registration.anonymous.store import functions as closed_functions
from shared.eventcore.schema import functions
from shared.service.migrate import run_scripts

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    # The closed store's are one text, hence one transaction: a SET LOCAL of one of its own would end with it.
    run_scripts([*functions(), ";\n".join(closed_functions())])
