"""The browser under a pilot, and its snapshots."""
