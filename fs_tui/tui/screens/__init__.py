"""Whole pages of the browser."""
