"""The zone whose days are counted: the one that was named, or that of this machine."""

from __future__ import annotations

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from fs_tui.errors import UsageError
from fs_tui.suggestion import nearest

__all__ = ["local_zone", "named_zone", "zone_name"]


def named_zone(name: str) -> ZoneInfo:
    """Return the zone of a name as `Asia/Singapore`.

    Raises:
        UsageError: There is none.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        near = nearest(name, sorted(available_timezones()))
        meant = f"Did you mean {near}?" if near else "They are named as Asia/Singapore, or UTC."
        raise UsageError(f"There is no time zone '{name}'.", hint=meant) from None


def local_zone() -> ZoneInfo:
    """Return the zone of this machine; UTC where it cannot be told.

    TZ may hold rules in the place of a name, as `CST-8`: clocks go by them, and so do days.
    """
    import os
    import warnings

    import tzlocal

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            # The other call answers what it answered first.
            return tzlocal.reload_localzone()
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return _zone_of_rules(os.environ.get("TZ", ""))


def _zone_of_rules(rules: str) -> ZoneInfo:
    """Return the zone that POSIX rules describe; UTC where they describe none.

    Python reads such rules at the end of a zone's file only (RFC 8536): this is one without more.
    """
    import io
    import struct

    one_type = struct.pack(">lbb", 0, 0, 0) + b"UTC\0"
    part = b"TZif2" + bytes(15) + struct.pack(">6l", 0, 0, 0, 0, 1, 4) + one_type
    try:
        file = io.BytesIO(part * 2 + b"\n" + rules.encode("ascii") + b"\n")
        return ZoneInfo.from_file(file, key=rules) if rules else ZoneInfo("UTC")
    except ValueError:
        return ZoneInfo("UTC")


def zone_name(zone: ZoneInfo) -> str:
    """Return what a zone is called."""
    return zone.key if zone.key and zone.key != "local" else "local time"
