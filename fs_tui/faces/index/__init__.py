"""Keeps the faces that came, and finds, filters and orders them."""
