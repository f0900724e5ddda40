"""The desk of registration, for its log of inspections and disclosures."""

from services.registration.tests.conftest import desk

__all__ = ["desk"]
