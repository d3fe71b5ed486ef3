"""Evidence: one zip about one mailing, that can be read and checked years later without this program."""
