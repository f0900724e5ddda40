"""Loads a service and hands over to the role that the command line names: all there is to `python -m services.<context>`."""

from __future__ import annotations

import gc
from importlib import import_module

from shared.eventcore.garbage import spare_what_is_loaded


def start(main: str) -> None:
    """Run the `service` of the module called `main`. Ends as `shared.service.roles.main` does."""
    # Nothing that a module makes while it loads is garbage, and searching it for some takes a fifth of the start.
    gc.disable()
    service = import_module(main).service
    roles = import_module("shared.service.roles")
    spare_what_is_loaded()
    gc.enable()
    roles.main(service)
