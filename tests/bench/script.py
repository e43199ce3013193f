"""The script that one would write instead: `python -m tests.bench.script jsonl|csv LIBRARY`.

A session that keeps its connection, one request under way, pages of 1,000, `json` and `csv` of the
standard library. It retries nothing, proves no end and checks nothing.
"""

from __future__ import annotations

import csv
import json
import os
import sys

import httpx

from tests.bench.signed import PATH, form

FIELDS = ("face_token", "user_id", "user_data", "add_time")


def main(kind: str, library: str) -> None:
    """Write all faces of a library to standard output."""
    table = csv.DictWriter(sys.stdout, FIELDS)
    if kind == "csv":
        table.writeheader()
    with httpx.Client(base_url=os.environ["FS_TUI_ENDPOINT"]) as session:
        start = 1
        while True:
            answer = session.post(PATH, files=form(library, start))
            faces = answer.json()["face_tokens"]
            if not faces:
                return
            if kind == "csv":
                table.writerows(faces)
            else:
                sys.stdout.writelines(f"{json.dumps(face)}\n" for face in faces)
            start += len(faces)


if __name__ == "__main__":
    main(*sys.argv[1:])
