"""The virtual table and what it is made of; knows nothing of faces."""
