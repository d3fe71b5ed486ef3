"""Files of addresses never to be mailed, read and written."""
