"""`newsletter log`: the audit log."""
