"""Who may read what. Routes deny by default; these are the roles that open them."""

from __future__ import annotations

from shared.service.auth import requires

OFFICERS = requires("elections-officer", "ro-deputy")
"""Who runs polls."""
READERS = requires("elections-officer", "ro-deputy", "ero-deputy", "registration-officer", "postal-team", "auditor")
"""Polls, their timetables and numbers: no personal data."""
