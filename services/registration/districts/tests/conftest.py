"""An office with the jobs that carry long work out."""

import pytest

from services.registration.canvass.tests.conftest import canvassers

__all__ = ["canvassers", "redrawers"]


@pytest.fixture
def redrawers(canvassers):
    return canvassers, canvassers.app.state.imports
