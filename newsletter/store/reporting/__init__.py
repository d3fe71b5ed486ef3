"""What reports are made of: counted in the database, never a row of a reader."""
