"""The HTTP side: the only folder that imports httpx."""
