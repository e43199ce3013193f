"""The terminal below the browser: driver, fewer bytes, clipboard, what the terminal can do."""
