"""`newsletter approve` and `newsletter approvals`."""
