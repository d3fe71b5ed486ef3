"""Importing readers."""
