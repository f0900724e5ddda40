"""What a backup says about itself: the files with their hashes, what each database held, and which keys belong to it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any

from deploy.backup.standing import Standing
from deploy.local.process import CannotRun

FORMAT = "moothall-backup-v1"
MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Saved:
    """One context's database. `keys` recognises each key file without telling anything of it."""

    file: str
    sha256: str
    bytes: int
    standing: Standing
    keys: dict[str, str]


@dataclass(frozen=True, slots=True)
class Manifest:
    """`made_at` is ISO 8601; `postgres` the server's major version, which the restoring server must not be older than."""

    made_at: str
    postgres: int
    contexts: dict[str, Saved]

    def write(self, directory: Path) -> None:
        (directory / MANIFEST).write_text(json.dumps({"format": FORMAT, **asdict(self)}, indent=2) + "\n")

    @staticmethod
    def read(directory: Path) -> Manifest:
        """Raises `CannotRun` when there is none, or it is not of this format."""
        try:
            said: dict[str, Any] = json.loads((directory / MANIFEST).read_text())
            if said["format"] != FORMAT:
                raise ValueError
            contexts = {
                context: Saved(**{**saved, "standing": Standing(**saved["standing"])})
                for context, saved in said["contexts"].items()
            }
            return Manifest(said["made_at"], said["postgres"], contexts)
        except FileNotFoundError:
            raise CannotRun(f"{directory} is no backup: it has no {MANIFEST}, or was not finished.") from None
        except (ValueError, KeyError, TypeError):
            raise CannotRun(f"{directory / MANIFEST} is damaged, or not of the format {FORMAT}.") from None

    def check_files(self, directory: Path) -> None:
        """Raises `CannotRun` when a file is missing or not the one that was saved."""
        for context, saved in self.contexts.items():
            path = directory / saved.file
            if not path.is_file() or hash_of(path) != saved.sha256:
                raise CannotRun(
                    f"{path} is missing or not the file that was saved: {context} cannot be restored from it."
                )

    def check_keys(self, keys: Path) -> None:
        """`keys` holds one directory per context. Raises `CannotRun` when a key is missing or another one."""
        for context, saved in self.contexts.items():
            found = recognise_keys(keys / context)
            if wrong := sorted(name for name, mark in saved.keys.items() if found.get(name) != mark):
                raise CannotRun(
                    f"{', '.join(wrong)} in {keys / context} is missing or not the key that this backup was made with:"
                    " without it personal values stay shut. Name the right directory with --keys."
                )


def hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def recognise_keys(directory: Path) -> dict[str, str]:
    """A mark by file name: enough to tell the right key from another, and nothing to guess a random key from."""
    return {
        path.name: sha256(b"moothall-key-mark-v1\0" + path.read_bytes()).hexdigest()[:16]
        for path in sorted(directory.glob("*.key"))
    }
