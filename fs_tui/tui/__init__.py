"""The browser: the only folder that imports textual."""
