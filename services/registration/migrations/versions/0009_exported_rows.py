"""How many lines of the register each officer took out on a day."""

from pathlib import Path

from shared.service.migrate import run_scripts

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    run_scripts([(Path(__file__).parents[1] / "exported_rows.sql").read_text("utf-8")])
