"""The desk of registration, for what officers take out of it."""

from services.registration.tests.conftest import desk

__all__ = ["desk"]
