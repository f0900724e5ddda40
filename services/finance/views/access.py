"""Who may read what. Routes deny by default; these are the roles that open them."""

from __future__ import annotations

from shared.service.auth import requires

FINANCE = requires("finance-clerk", "finance-approver")
"""Pay, payees and sales, with people's names."""
LETTERS = requires("finance-clerk", "finance-approver", "correspondence")
"""What a letter or message needs at the moment it is written: a statement, a sale."""
BOOKS = requires("finance-clerk", "finance-approver", "auditor")
"""The ledger and what is published: no personal data beyond what the law makes public."""
