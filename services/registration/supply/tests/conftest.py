"""The desk of registration, for copies of the register."""

from services.registration.tests.conftest import desk

__all__ = ["desk"]
