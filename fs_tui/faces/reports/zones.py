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
    """Return the zone of this machine; UTC where it cannot be told."""
    import warnings

    import tzlocal

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            # The other call answers what it answered first.
            return tzlocal.reload_localzone()
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return ZoneInfo("UTC")


def zone_name(zone: ZoneInfo) -> str:
    """Return what a zone is called."""
    return zone.key if zone.key and zone.key != "local" else "local time"
