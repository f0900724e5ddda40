"""Who may read what. Routes deny by default; these are the roles that open them."""

from __future__ import annotations

from shared.service.auth import requires

OFFICERS = requires("registration-officer", "ero-deputy")
"""Cases, entries and properties, with people's names."""
REGISTER_READERS = requires("registration-officer", "ero-deputy", "elections-officer", "ro-deputy")
"""The register as it is printed."""
