"""Asks the service for pages: what to ask next, how many at once, how fast."""
