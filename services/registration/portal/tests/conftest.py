"""The office of the views' tests, on the other side of which the portal stands."""

from services.registration.views.tests.conftest import office

__all__ = ["office"]
