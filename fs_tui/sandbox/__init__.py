"""A FaceSearch service of our own for the demo and the tests; imports nothing of api."""
