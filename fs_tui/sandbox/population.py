"""The libraries and faces of the sandbox, computed from their position; the same at every start."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = [
    "CAMPUS",
    "CITY",
    "CLINIC",
    "EMPTY",
    "PILOT",
    "TRIO",
    "FaceRow",
    "FaceSet",
    "Population",
]

CLINIC = "clinic_2500"
EMPTY = "visitors_2027"
TRIO = "board#3@hq"
PILOT = "pilot-100"
CAMPUS = "campus%east&west"
CITY = "city_main"

COUNTS = {CLINIC: 2_500, EMPTY: 0, TRIO: 3, PILOT: 100, CAMPUS: 250_000, CITY: 4_987_654}

FaceRow = tuple[str, str, str, int]
"""face_token, user_id, user_data, epoch milliseconds."""


class Population:
    """The libraries of one account: `Population()` is the demo's, `Population({"a": 250})` any."""

    def __init__(self, counts: Mapping[str, int] = COUNTS) -> None:
        raise NotImplementedError
