"""The desk of registration, for absent votes that follow the register."""

from services.registration.tests.conftest import desk

__all__ = ["desk"]
