"""`newsletter run-due` and `newsletter cron`."""
