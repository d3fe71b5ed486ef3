"""Newsletters that live in a git folder: checked, referenced, rendered, sent once to each reader, accounted for."""
