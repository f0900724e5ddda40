"""The event core's functions as this build has them: `begin_streams` is new to a database that an older one began."""

from shared.eventcore.schema import functions
from shared.service.migrate import run_scripts

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    run_scripts(functions())
