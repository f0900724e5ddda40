"""The desk of registration, for the marked papers of polls."""

from services.registration.tests.conftest import desk

__all__ = ["desk"]
