"""The event core's functions as this build has them: `begin_streams` is new to a database that an older one began.

They bring the event core's own `change_places` with them, so ours, which settles times (ADR 0005), is put over it again."""

from pathlib import Path

from shared.eventcore.schema import functions
from shared.service.migrate import run_scripts

revision = "0003"
down_revision = "0002"

OURS = Path(__file__).parent.parent / "held_times_function.sql"


def upgrade() -> None:
    run_scripts([*functions(), OURS.read_text(encoding="utf-8")])
