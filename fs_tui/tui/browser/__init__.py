"""The screen that one works on: its panes, its lines, and what its keys do."""
