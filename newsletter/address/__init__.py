"""Audience -> deliveries: who is addressed, and in which chunks."""
