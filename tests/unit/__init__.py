"""Pure logic, without network or terminal."""
