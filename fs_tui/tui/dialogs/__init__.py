"""Short questions, each with one typed answer."""
