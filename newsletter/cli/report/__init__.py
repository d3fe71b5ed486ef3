"""`newsletter report`."""
