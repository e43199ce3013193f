"""The words that the sandbox's people are made of: invented names, notes and forms of user ids."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

__all__ = [
    "NAMES",
    "NOTES",
    "PLAIN_NAMES",
    "PLAIN_NOTES",
    "TESTER",
    "TESTER_DATA",
    "USER_FORMS",
    "UserForm",
]

TESTER = "kiosk-test"
"""A user id that technicians enrol again and again, in whatever library they are at."""

TESTER_DATA = "camera test, not a person"


@dataclass(frozen=True, slots=True)
class UserForm:
    """How a library writes its user ids: `template % (user * step % period)`.

    Attributes:
        step: Prime to the period, so that different users have different ids.
        period: More than a library has users.
    """

    template: str
    step: int
    period: int


USER_FORMS = (
    UserForm("user_%06d", 1, 10_000_000),
    UserForm("+6580%07d", 6_364_137, 10_000_000),
    UserForm("E%07d", 1, 10_000_000),
    UserForm("staff-%05d@hq", 1, 10_000_000),
)

PLAIN_NAMES: tuple[str, ...] = tuple(
    f"{given} {family}"
    for given, family in product(
        ("Amara", "Benoît", "Chloé", "Dewi", "Elif", "Farid", "Grace", "Hugo", "Inès", "Jonas"),
        ("Abbott", "Brandão", "Chua", "Dvořák", "Eriksen", "Fofanah", "Goh", "Håkansson", "Ito"),
    )
)
"""Full names in letters that every font has, and that take one cell each."""

_HAN = tuple(
    f + g for f, g in product("陈林黄张李王吴", ("伟明", "秀英", "嘉怡", "子轩", "丽", "志强"))
)
_OTHERS = (
    "สมชาย ใจดี",
    "สุดา วงศ์ไทย",
    "Анна Смирнова",
    "Олег Коваль",
    "さくら 山本",
    "健太 佐藤",
    "김민준",
    "이서연",
    "अनिता शर्मा",
    "राहुल वर्मा",
    "فاطمة الزهراء",
    "יעל כהן",
    "Ελένη Παππά",
    "கவிதா ராமன்",
)

NAMES = (*PLAIN_NAMES, *_HAN, *PLAIN_NAMES, *_OTHERS)
"""Full names, most of them Latin."""

PLAIN_NOTES: tuple[str, ...] = (
    "",
    "",
    "",
    "Gate 4, night shift",
    "visitor, badge returned",
    "re-enrolled after 12 months",
    '{"dept": "radiology", "floor": 3}',
    "contractor until 2027-03-31",
    "kiosk B / image quality 0.83",
    "Besucher (Führung)",
)
"""What stands in user_data instead of a name, in letters that every font has."""

NOTES = (*PLAIN_NOTES, '{"site":"东楼","level":2}', "左門 第三レーン")
"""The same with wide characters among it."""
