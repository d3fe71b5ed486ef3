"""What render leaves open and a sender fills: slots, their escaping, the compiled message."""
