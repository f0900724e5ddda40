"""The desk of registration, for officers who read its records."""

from services.registration.tests.conftest import desk

__all__ = ["desk"]
