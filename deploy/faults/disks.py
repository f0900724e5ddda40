"""Small disks that can be filled to the last byte: file systems in memory, mounted where a server keeps its data."""

from __future__ import annotations

import os
import subprocess
import tempfile
from functools import cache
from pathlib import Path

BALLAST = "ballast"
BLOCK = bytes(1 << 20)


class SmallDisk:
    """A file system of `megabytes` at `place`."""

    def __init__(self, place: Path, megabytes: int) -> None:
        self.place, self._megabytes = place, megabytes

    def mount(self) -> None:
        self.place.mkdir(parents=True, exist_ok=True)
        options = f"size={self._megabytes}m,mode=0711"
        subprocess.run(["mount", "-t", "tmpfs", "-o", options, "moot-faults", self.place], check=True)

    def unmount(self) -> None:
        if os.path.ismount(self.place):
            # Lazily: a killed server may take a moment to let go of its files.
            subprocess.run(["umount", "--lazy", self.place], check=True)

    def fill(self) -> None:
        """Until not a byte is left."""
        with (self.place / BALLAST).open("wb", buffering=0) as ballast:
            for block in (BLOCK, BLOCK[:4096]):
                try:
                    while ballast.write(block) == len(block):
                        pass
                except OSError:
                    continue

    def free(self) -> None:
        (self.place / BALLAST).unlink(missing_ok=True)


@cache
def may_mount() -> bool:
    """Whether this account may mount a file system at all; on most machines only root may, and not in every container."""
    with tempfile.TemporaryDirectory(prefix="moot-mount-") as name:
        disk = SmallDisk(Path(name) / "disk", 1)
        try:
            disk.mount()
        except (OSError, subprocess.CalledProcessError):
            return False
        disk.unmount()
        return True
