"""What operators see of the readers through the API, and ask of them."""

from shared.eventcore.schema import functions
from shared.service.migrate import run_scripts

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    run_scripts(functions())
