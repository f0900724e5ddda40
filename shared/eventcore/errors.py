"""What can go wrong in the event core that is nobody's broken rule. The chassis maps each to one HTTP problem."""

from __future__ import annotations

import errno
import socket
from uuid import UUID

import asyncpg

CONNECTION_LOST = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # what asyncpg says when the server went away in the middle of a message
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.InsufficientResourcesError,  # no connection, memory or disk left: an event that meets it is no poison
    OSError,
)
"""What asyncpg raises when PostgreSQL cannot be reached, or went away; some of them also otherwise: ask `is_outage`."""

_NETWORK = frozenset({
    errno.ENETDOWN, errno.ENETUNREACH, errno.EHOSTDOWN, errno.EHOSTUNREACH, errno.EADDRNOTAVAIL, errno.EMFILE, errno.ENFILE,
    errno.ENOBUFS, errno.ENOMEM,
    None,  # asyncio's, when it tried several addresses of a host
})  # fmt: skip


def is_outage(problem: BaseException) -> bool:
    """Whether `problem` says that PostgreSQL is away: nobody's fault, and worth another try. A value that fits no column, a
    connection used by two at once, a file that is not there will be the same next time."""
    match problem:
        case asyncpg.DataError():
            return False
        case asyncpg.InterfaceError():
            return "clos" in str(problem)  # "connection is closed", "pool is closing": asyncpg has no class for them
        case ConnectionError() | TimeoutError() | socket.gaierror():
            return True
        case OSError():
            return problem.errno in _NETWORK
        case _:
            return isinstance(problem, CONNECTION_LOST)


class VersionConflict(Exception):
    """The stream has moved on since the caller read it: it stands at `actual`, the caller expected `expected`."""

    def __init__(self, stream_id: UUID, expected: int, actual: int | None = None) -> None:
        super().__init__(f"stream {stream_id} was expected at version {expected}, stands at {actual}")
        self.stream_id = stream_id
        self.expected = expected
        self.actual = actual


class StoreUnavailable(Exception):
    """The event store (or the broker) cannot be reached now. Nothing was acknowledged; the caller may try again."""

    def __init__(self, what: str = "event store", retry_after: int = 2) -> None:
        super().__init__(f"the {what} cannot be reached")
        self.what = what
        self.retry_after = retry_after


class NotFound(Exception):
    """Nothing of that name, or nothing that this caller may see. The two look alike on purpose."""


class ForeignStream(NotFound):
    """The id is another authority's stream, or a stream of another kind: no try will ever append to it."""

    def __init__(self, stream_id: UUID) -> None:
        super().__init__(f"stream {stream_id} belongs to another authority or is of another kind")
