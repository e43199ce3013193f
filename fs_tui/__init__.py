"""fs-tui: a terminal browser for the face libraries of the FaceSearch service."""

__version__ = "0.1.0"
