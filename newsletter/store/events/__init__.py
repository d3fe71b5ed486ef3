"""What ESPs report: the inbox of raw reports, the events, and what became of each delivery."""
