"""Times held under a boundary tag: clash checks of rooms, members and kit by an exclusion constraint."""

from pathlib import Path

from shared.service.migrate import run_scripts

revision = "0002"
down_revision = "0001"

HELD_TIMES = [Path(__file__).parent.parent / name for name in ("held_times.sql", "held_times_function.sql")]


def upgrade() -> None:
    run_scripts([script.read_text(encoding="utf-8") for script in HELD_TIMES])
