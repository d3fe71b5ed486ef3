"""`newsletter schedule`, `unschedule` and `calendar`."""
