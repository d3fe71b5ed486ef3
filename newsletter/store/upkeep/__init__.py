"""Keeping the database: checking it, backing it up, restoring it."""
