"""Short dialogues that return one typed value."""
