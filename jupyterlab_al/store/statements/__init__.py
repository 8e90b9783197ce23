"""Every statement that is not built where it is used, named; built once at import."""
