"""The client against the sandbox, over ASGI and over real sockets."""
