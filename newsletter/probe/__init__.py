"""What looks outside, on purpose and with limits."""
