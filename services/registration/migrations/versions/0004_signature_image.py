"""Images of signatures, sealed under their person's key: they stand in no event and leave this database in none (ADR 0011)."""

from pathlib import Path

from shared.service.migrate import run_scripts

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    run_scripts([(Path(__file__).parents[1] / "signature_image.sql").read_text("utf-8")])
