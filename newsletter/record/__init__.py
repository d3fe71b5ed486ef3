"""Events -> changes: what is suppressed, marked or ignored. Decides only; the store carries it out."""
