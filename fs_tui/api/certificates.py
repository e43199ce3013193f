"""Owns the question whose certificates are trusted: the system's, and those of ca_bundle."""

from __future__ import annotations

import os
import ssl
import sys
from pathlib import Path

import truststore

from fs_tui.errors import SettingsError

__all__ = ["trust", "trust_nobody"]

_READS_VARIABLES = sys.platform not in {"darwin", "win32"}
"""Whether the system's certificates come from OpenSSL, which obeys SSL_CERT_FILE."""


def trust(ca_bundle: Path | None) -> ssl.SSLContext:
    """Trust the system's certificates, and those of a file beside them.

    Raises:
        SettingsError: The file, or the one that SSL_CERT_FILE puts in the system's place, cannot
            be used.
    """
    if _READS_VARIABLES:
        _check_variables()
    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if ca_bundle is not None:
        _load(context, ca_bundle, "ca_bundle")
    return context


def trust_nobody() -> ssl.SSLContext:
    """Trust no certificate: for a service that is reached without any."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _check_variables() -> None:
    """Say what OpenSSL passes over in silence, to trust other certificates or none at all."""
    file, folder = os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")
    if file:
        _load(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), Path(file), "SSL_CERT_FILE")
    elif folder and not any(Path(part).is_dir() for part in folder.split(os.pathsep)):
        raise SettingsError(
            f"SSL_CERT_DIR names no folder: {folder}.",
            hint="Name a folder of certificates in SSL_CERT_DIR, or unset it.",
        )


def _load(context: ssl.SSLContext | truststore.SSLContext, path: Path, source: str) -> None:
    """Load certificates from a file.

    Raises:
        SettingsError: There are none; it names what told us to.
    """
    why = ""
    try:
        # A pipe would be waited for.
        if path.exists() and not path.is_file():
            why = "not a file"
        else:
            context.load_verify_locations(cafile=path)
    except OSError as error:
        why = error.strerror or "not a PEM file"
    except ValueError:
        why = "not a path"
    if why:
        raise SettingsError(
            f"The certificates of {source} cannot be read from {path}: {why}.",
            hint=f"Name a readable PEM file in {source}, or take it out.",
        )
