"""The desk of registration, for the numbering of a revised register."""

from services.registration.tests.conftest import desk

__all__ = ["desk"]
