"""An office whose officers ask the API, on a database of its own."""

import pytest

from services.registration.canvass.tests.conftest import canvassers
from services.registration.canvass.tests.office import Canvassers

__all__ = ["canvassers", "desk"]


@pytest.fixture
def desk(canvassers: Canvassers) -> Canvassers:
    return canvassers
