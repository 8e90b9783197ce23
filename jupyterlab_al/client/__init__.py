"""The Python client: projects of a running server, from a notebook or a script."""
