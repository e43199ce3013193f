"""Whole other pages: connect, requests, errors, plain text."""
