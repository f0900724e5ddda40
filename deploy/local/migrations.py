"""The role `migrate` of several services in one process: `python -m deploy.local.migrations registration finance …`.

The same as one `python -m services.<context> migrate` after the other, but the libraries are loaded once: on a small
machine that is most of the time. Names each context on standard output when it is done; the rest goes to standard error.
"""

from __future__ import annotations

import os
import runpy
import sys

from deploy.topology import MIGRATE


def main(contexts: list[str]) -> None:
    with os.fdopen(os.dup(1), "w") as progress:
        os.dup2(2, 1)
        for context in contexts:
            sys.argv = [context, MIGRATE]
            runpy.run_module(f"services.{context}", run_name="__main__")
            print(context, file=progress, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
