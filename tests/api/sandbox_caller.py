"""A bare caller of the sandbox with its own signing: no mistake of the client's is shared."""

from __future__ import annotations

import base64
import hmac
import itertools
import time
from typing import TYPE_CHECKING, Any

from fs_tui.sandbox.service import DEMO_API_KEY, DEMO_API_SECRET

if TYPE_CHECKING:
    import httpx

_RANDOM = itertools.count(1)


def make_sign(
    *,
    key: str = DEMO_API_KEY,
    secret: str = DEMO_API_SECRET,
    issued: int | None = None,
    expire: int | None = None,
    random: str | None = None,
) -> str:
    """A sign by shared/API.md section 2; good for 100 seconds from now unless told otherwise."""
    issued = int(time.time()) if issued is None else issued
    expire = issued + 100 if expire is None else expire
    random = str(next(_RANDOM)) if random is None else random
    raw = f"a={key}&b={expire}&c={issued}&d={random}".encode()
    return base64.b64encode(hmac.new(secret.encode(), raw, "sha1").digest() + raw).decode()


def parts(fields: dict[str, str]) -> dict[str, Any]:
    """Text parts of a multipart form without a filename, in httpx's `files` form."""
    return {name: (None, value) for name, value in fields.items()}


def signed(**fields: str) -> dict[str, Any]:
    """The same, signed anew."""
    return parts({"sign": make_sign(), "sign_version": "hmac_sha1", **fields})


class Caller:
    """Calls by their short names, over whatever httpx client it is given."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def post(self, call: str, **options: Any) -> httpx.Response:  # httpx's own options
        return await self._client.post(f"/finauth/search/group/{call}", **options)

    async def answer(self, call: str, **fields: str) -> httpx.Response:
        return await self.post(call, files=signed(**fields))

    async def content(self, call: str, **fields: str) -> Any:  # JSON
        return (await self.answer(call, **fields)).json()

    async def error(self, call: str, **fields: str) -> tuple[int, str]:
        answer = await self.answer(call, **fields)
        return answer.status_code, answer.json()["error"]
