"""A mailbox of ours: mails that could not be delivered, and mails that ask to leave."""
