"""The bare loop that a scan is compared with: signs, fetches, decodes, and keeps nothing.

Its signing is its own, so that it costs what it must and no more.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import os
import random
import time

import httpx

__all__ = ["PATH", "bare_scan", "form"]

PATH = "/finauth/search/group/list"
_PAGE = 1000


def form(library: str, start: int) -> dict[str, tuple[None, str]]:
    """The form of a page, as httpx takes text parts; key and secret are the environment's."""
    fields = {
        "sign": _sign(os.environ["FS_TUI_API_KEY"], os.environ["FS_TUI_API_SECRET"]),
        "sign_version": "hmac_sha1",
        "group_id": library,
        "start": str(start),
        "limit": str(_PAGE),
    }
    return {name: (None, value) for name, value in fields.items()}


def _sign(key: str, secret: str) -> str:
    now = int(time.time())
    number = random.randrange(10**10)  # noqa: S311 - the vendor's own recipe
    raw = f"a={key}&b={now + 100}&c={now}&d={number}".encode()
    digest = hmac.new(secret.encode(), raw, hashlib.sha1).digest()
    return base64.b64encode(digest + raw).decode()


async def bare_scan(env: dict[str, str], library: str, rows: int, flights: int) -> float:
    """Fetch so many rows with so many requests under way; returns rows per second."""
    starts = iter(range(1, rows + 1, _PAGE))
    received = 0
    limits = httpx.Limits(max_connections=flights)
    async with httpx.AsyncClient(base_url=env["FS_TUI_ENDPOINT"], limits=limits) as client:

        async def fly() -> None:
            nonlocal received
            for start in starts:
                answer = await client.post(PATH, files=form(library, start))
                received += len(json.loads(answer.content)["face_tokens"])

        began = time.perf_counter()
        await asyncio.gather(*(fly() for _ in range(flights)))
        return received / (time.perf_counter() - began)
