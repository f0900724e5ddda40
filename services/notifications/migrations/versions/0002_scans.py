"""Scans of what people wrote to the council, each sealed under a key of its own."""

from pathlib import Path

from shared.service.migrate import run_scripts

revision = "0002"
down_revision = "0001"

SCANS = Path(__file__).parent.parent / "scans.sql"


def upgrade() -> None:
    run_scripts([SCANS.read_text(encoding="utf-8")])
