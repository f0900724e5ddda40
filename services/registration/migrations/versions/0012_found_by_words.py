"""A search by words that uses its index, whatever row-level security hides."""

from pathlib import Path

from shared.service.migrate import run_scripts

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    run_scripts([(Path(__file__).parents[1] / "found_by_words.sql").read_text("utf-8")])
