"""Ledger and events -> numbers and pictures. Decides and draws only."""
