"""Key and secret as one value that does not show itself."""

from __future__ import annotations

import json
from typing import NamedTuple

from fs_tui.errors import CredentialError

__all__ = ["Credentials", "Pair"]

_LONGEST = 512


class Pair(NamedTuple):
    """An API key and its secret, both from one source."""

    api_key: str
    api_secret: str

    def __repr__(self) -> str:
        """Of both nothing."""
        return "Pair()"

    @classmethod
    def checked(cls, api_key: str, api_secret: str, names: tuple[str, str]) -> Pair:
        """Return a pair of texts that can be a key and a secret.

        Args:
            api_key: As it was found; space around it is dropped.
            api_secret: The same.
            names: What to call the two in an error.

        Raises:
            CredentialError: One is empty, too long, or holds what cannot be part of it.
        """
        # A byte order mark comes with what was saved, or copied, elsewhere.
        pair = cls(*(text.strip().removeprefix("\ufeff").strip() for text in (api_key, api_secret)))
        for name, text in zip(names, (pair.api_key, pair.api_secret), strict=True):
            if not text:
                raise CredentialError(f"{name} is empty")
            if len(text) > _LONGEST or not text.isascii() or not text.isprintable() or " " in text:
                raise CredentialError(
                    f"{name} does not look like one: one line of visible ASCII characters",
                    hint="Copy it again from the vendor's console.",
                )
        return pair

    @classmethod
    def from_json(cls, text: str) -> Pair | None:
        """Return the pair of a JSON object with `api_key` and `api_secret`; None if it is none."""
        try:
            return cls.from_object(json.loads(text))
        except (ValueError, RecursionError):
            return None

    @classmethod
    def from_object(cls, found: object) -> Pair | None:
        """Return the pair of an object that was JSON; None if it is none."""
        match found:
            case {"api_key": str() as key, "api_secret": str() as secret}:
                return cls(key, secret)
        return None

    def to_json(self) -> str:
        """Return the form in which a keyring keeps it: one entry, so that no half is ever there."""
        return json.dumps({"api_key": self.api_key, "api_secret": self.api_secret})

    @property
    def tail(self) -> str:
        """The last four characters of the key; of a short key nothing is shown."""
        return f"…{self.api_key[-4:]}" if len(self.api_key) > 8 else "…"  # noqa: PLR2004 - twice four


class Credentials(NamedTuple):
    """A pair and what is known of where it came from.

    Attributes:
        pair: Key and secret.
        source: The name of one of SOURCES, or `this run`.
        warning: A lasting warning about the source; empty when there is none.
    """

    pair: Pair
    source: str
    warning: str = ""
