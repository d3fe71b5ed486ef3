"""Conditions and audiences as SQL."""
