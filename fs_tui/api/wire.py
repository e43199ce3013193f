"""Owns the shapes: what each endpoint answers, as models; refuses what is not documented."""
