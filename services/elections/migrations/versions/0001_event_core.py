"""The event core: streams, events, command log, boundaries, positions, deadlines, seals, keys of people."""

from alembic import op

from shared.eventcore.schema import statements
from shared.service.migrate import run_scripts

revision = "0001"
down_revision = None


def upgrade() -> None:
    run_scripts(statements())
    op.execute("GRANT SELECT ON alembic_version TO moot_api")  # /health/ready asks which revision stands
