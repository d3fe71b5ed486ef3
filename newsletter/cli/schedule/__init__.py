"""`newsletter schedule`, `unschedule` and `calendar`: mailings that begin at a planned time."""
