"""`newsletter doctor`."""
