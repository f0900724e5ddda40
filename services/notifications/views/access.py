"""Who may read and do what. Routes deny by default; these are the roles that open them."""

from __future__ import annotations

from shared.service.auth import requires

CORRESPONDENCE = requires("correspondence")
"""Messages and enquiries, with what people asked."""
OUTCOMES = requires("correspondence", "reporting", "auditor")
"""How many messages went out and what became of them: nobody is named."""
