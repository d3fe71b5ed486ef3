"""What is looked at before trouble comes."""
