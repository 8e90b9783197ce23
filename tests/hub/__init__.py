"""What a real JupyterHub does with the extension."""
