"""Chunk by chunk through named states, resumable. Start with engine.py; the ports it needs stand in ports.py."""
