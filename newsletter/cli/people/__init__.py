"""`newsletter people`: who writes and signs off."""
