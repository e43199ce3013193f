"""Where key and secret come from: the only folder that imports keyring."""
