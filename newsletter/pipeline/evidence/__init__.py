"""Evidence of one mailing: everything that is known of it, in files that people can read and check by hand."""
