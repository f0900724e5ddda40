"""The read models of finance: what the screens and the exports ask. Each can be rebuilt from the events alone."""

from __future__ import annotations

from fastapi import APIRouter

from services.finance.views import correspondents, ledger, members, pay_pages, sales
from services.finance.views.ledger import Ledger
from services.finance.views.members import Members
from services.finance.views.pay_runs import PayRuns
from services.finance.views.sales import Sales
from shared.eventcore.projection import View

VIEWS: tuple[View, ...] = (Ledger.view, Members.view, PayRuns.view, Sales.view)
ROUTERS: tuple[APIRouter, ...] = (ledger.router, members.router, pay_pages.router, sales.router, correspondents.router)
