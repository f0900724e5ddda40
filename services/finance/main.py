"""What the service finance is made of."""

from pathlib import Path

from services.finance.budgets.api import router as budgets
from services.finance.entitlements.api import router as entitlements
from services.finance.fees.api import router as fees
from services.finance.ledger.api import router as ledger
from services.finance.pay_runs.api import router as pay_runs
from services.finance.pay_runs.statements import router as statements
from services.finance.payees.api import router as payees
from services.finance.policies import POLICIES
from services.finance.schemes.api import router as schemes
from services.finance.views import ROUTERS, VIEWS
from shared.service.audit_trail import audit_trail
from shared.service.audit_trail import router as trail
from shared.service.operations import router as operations
from shared.service.read_audit import router as reads
from shared.service.service import Service

service = Service(
    context="finance",
    title="Finance",
    home=Path(__file__).parent,
    description="The ledger, members' allowances and their pay, fees for copies of the registers and their receipts.",
    routers=(
        *ROUTERS,
        ledger,
        schemes,
        budgets,
        entitlements,
        payees,
        pay_runs,
        statements,
        fees,
        trail,
        reads,
        operations,
    ),
    views=(*VIEWS, audit_trail("finance")),
    policies=POLICIES,
)
