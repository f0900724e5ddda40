"""Ports for a whole system of a test's own."""

from __future__ import annotations

from deploy.local.process import CannotRun, refuse_busy_port
from deploy.topology import Ports


def free_ports(first: int, beyond: int) -> Ports:
    """The first hundred of ports from `first` on that nobody has. Tests that run side by side take theirs from ranges of their
    own, all below the ports that the system gives to whoever connects somewhere."""
    for base in range(first, beyond, 100):
        ports = Ports(base)
        others = (ports.desk, ports.reporting, ports.postgres, ports.kafka, ports.kafka_controller)
        try:
            for port in (*range(base, base + 6), *others):
                refuse_busy_port(port, "a test")
        except CannotRun:
            continue
        return ports
    raise AssertionError("no free ports")
