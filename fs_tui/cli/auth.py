"""`fs-tui auth`: stores, removes and shows key and secret; the secret is never shown."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

import click

from fs_tui.cli.ending import say
from fs_tui.cli.output import write_facts
from fs_tui.cli.output_options import json_option
from fs_tui.cli.unhandled import run
from fs_tui.errors import CredentialError, KeptIndexError, KeyringLockedError, UsageError
from fs_tui.words import count

if TYPE_CHECKING:
    from fs_tui.cli.context import Options
    from fs_tui.credentials.keychain import Keychain
    from fs_tui.credentials.pair import Pair
    from fs_tui.settings.options import Settings

__all__ = ["auth"]


@click.group(
    # Without a command the help would be the error's text.
    no_args_is_help=False,
    epilog="""\b
Examples:
  fs-tui auth status
  fs-tui auth login --profile staging
""",
)
def auth() -> None:
    """Store, remove or show the API key and secret.

    They are kept in the keyring of the operating system, one entry for each endpoint and profile.
    """


@auth.command()
@click.pass_obj
def login(options: Options) -> None:
    """Keep key and secret in the keyring.

    Asks for both on the terminal, hidden, verifies them with a list of the libraries, stores them
    and reads them back.
    """
    settings, entry = _entry(options)
    try:
        # Before anything is typed: whether the keyring can take it.
        entry.read()
    except KeyringLockedError:
        _unlock(entry)
    from fs_tui.cli.prompt import ask_pair

    pair = ask_pair(settings)
    run(_verify(options, settings, pair))
    say(f"The service accepts them. Kept in the keyring as '{entry.user}', key {pair.tail}.")
    if entry.warning:
        say(f"Warning: {entry.warning}.")


@auth.command()
@click.pass_obj
def logout(options: Options) -> None:
    """Remove key and secret from the keyring, and what is kept of libraries.

    Verifies that they are gone. The kept indexes of this endpoint and profile go with their key; a
    key file stays.
    """
    from fs_tui.credentials.sources import INDEX_KEY_FILE

    settings, entry = _entry(options)
    try:
        removed = entry.delete()
    except CredentialError:
        if os.environ.get(INDEX_KEY_FILE.name):
            # What is kept with a key file needs no keyring to go.
            with suppress(KeptIndexError):
                _forget_indexes(settings, None)
        raise
    if removed:
        say(f"The keyring's entry '{entry.user}' is removed.")
    else:
        say(f"The keyring holds no entry '{entry.user}'; nothing was removed.")
    _forget_indexes(settings, entry)


def _forget_indexes(settings: Settings, entry: Keychain | None) -> None:
    from fs_tui.cli.keeping import find_keeper

    keeper = find_keeper(settings, "", make=False)
    if keeper is None:
        return
    removed = count(keeper.forget_all(), "kept index", "kept indexes")
    if entry is not None and entry.delete_index_key():
        say(f"{removed} and their key, entry '{entry.index_user}', are removed.")
    else:
        say(f"{removed} removed; their key stays: {keeper.where}.")


@auth.command()
@click.pass_obj
def unlock(options: Options) -> None:
    """Have the desktop unlock the keyring.

    Waits up to 30 seconds for its password; ctrl-c gives up.
    """
    _, entry = _entry(options)
    _unlock(entry)
    say("The keyring is unlocked.")


@auth.command()
@json_option
@click.pass_obj
def status(options: Options, *, as_json: bool) -> None:
    """Show where key and secret come from.

    Of the key the last four characters are shown, of the secret nothing.
    """
    from fs_tui.cli.connect import lookup

    settings, entry = _entry(options)
    found = lookup(settings, options.credential_source or "").find()
    facts = {
        "source": found.source,
        "api_key": found.pair.tail,
        "endpoint": settings.endpoint,
        "profile": settings.profile,
        "keyring_entry": entry.user if found.source == "keyring" else None,
        "warning": found.warning or None,
    }
    write_facts(facts, as_json=as_json)


def _entry(options: Options) -> tuple[Settings, Keychain]:
    """Return the settings and the keyring's entry for them."""
    from fs_tui.cli.connect import keychain
    from fs_tui.cli.settings import load

    if options.demo:
        raise UsageError("The demo needs no credentials.", hint="Omit --demo.")
    settings = load(options)
    return settings, keychain(settings)


def _unlock(entry: Keychain) -> None:
    say("Waiting for the keyring's password on your desktop, up to 30 s; ctrl-c gives up.")
    entry.unlock()


async def _verify(options: Options, settings: Settings, pair: Pair) -> None:
    """Ask the service for its libraries with the pair, then keep it."""
    from fs_tui.cli.connect import connector

    session = await connector(options, settings).connect(
        endpoint=settings.endpoint, api_key=pair.api_key, api_secret=pair.api_secret, keep=True
    )
    await session.gateway.aclose()
