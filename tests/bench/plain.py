"""The plain table that our figures are compared with: the same faces, no index, nothing else."""

from __future__ import annotations

import sqlite3

from fs_tui.sandbox.population import Population

__all__ = ["plain_table"]


def plain_table(library: str) -> sqlite3.Connection:
    """Return a private database with a table `faces` that holds a library of the sandbox."""
    database = sqlite3.connect("")
    database.execute(
        "CREATE TABLE faces (position INTEGER PRIMARY KEY, face_token, user_id, user_data, added)"
    )
    faces = Population()[library]
    for start in range(1, len(faces) + 1, 10_000):
        rows = enumerate(faces.rows(start, 10_000), start)
        with database:
            database.executemany(
                "INSERT INTO faces VALUES (?, ?, ?, ?, ?)", ((at, *row) for at, row in rows)
            )
    return database
