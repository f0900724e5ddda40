"""The desk of registration, for what is published."""

from services.registration.tests.conftest import desk

__all__ = ["desk"]
