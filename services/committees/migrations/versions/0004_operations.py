"""What operators see of the readers through the API, and ask of them. Our own `change_places` is put over the event core's again."""

from pathlib import Path

from shared.eventcore.schema import functions
from shared.service.migrate import run_scripts

revision = "0004"
down_revision = "0003"

OURS = Path(__file__).parent.parent / "held_times_function.sql"


def upgrade() -> None:
    run_scripts([*functions(), OURS.read_text(encoding="utf-8")])
