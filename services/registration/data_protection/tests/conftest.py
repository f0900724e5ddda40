"""Data protection asks registration's whole API."""

from services.registration.tests.conftest import desk

__all__ = ["desk"]
