"""Which run last said something of a property: what a run added needs no copy of what was before."""

from shared.service.migrate import run_scripts

revision = "0010"
down_revision = "0009"

TABLES = """
ALTER TABLE gazetteer_property ADD COLUMN run_id uuid;  -- null: a run from before this column
ALTER TABLE import_before ADD COLUMN said_by uuid;      -- the run that the record was of
"""


def upgrade() -> None:
    run_scripts([TABLES])
