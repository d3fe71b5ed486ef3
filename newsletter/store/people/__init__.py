"""Readers, their lists, tags and consent, as they are stored."""
