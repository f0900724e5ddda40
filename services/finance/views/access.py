"""Who may read what. Routes deny by default; these are the roles that open them."""

from __future__ import annotations

from shared.service.auth import requires

FINANCE = requires("finance-clerk", "finance-approver")
"""Pay, payees and sales, with people's names."""
BOOKS = requires("finance-clerk", "finance-approver", "auditor")
"""The ledger and what is published: no personal data beyond what the law makes public."""
