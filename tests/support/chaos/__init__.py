"""Trials of the promise of sending: real commands that are killed, real servers that fail, and what must hold afterwards."""
