"""Reads an open index: people, growth, summary, as plain frozen data."""
