"""Sends through an SMTP server of one's own or a provider's."""
