"""The closed store of anonymous electors: the event core's tables once more, in a schema of their own (ADR 0015)."""

from services.registration.anonymous.store import statements
from shared.service.migrate import run_scripts

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    # One text, hence one transaction: a SET LOCAL of one of its own would end with it.
    run_scripts([";\n".join(statements())])
