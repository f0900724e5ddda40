"""The desk of registration, for Voter Authority Certificates."""

from services.registration.tests.conftest import desk

__all__ = ["desk"]
