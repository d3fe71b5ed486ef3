"""What the domain of a sender says of itself."""
