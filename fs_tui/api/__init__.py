"""The HTTP side: the only folder that knows the HTTP library."""
