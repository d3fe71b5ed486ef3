"""Sign-off: what an approval is, who may give it, what voids it. Decides only."""
