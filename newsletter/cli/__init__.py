"""The command line: main.py is the group, one file per noun, words.py turns errors into advice and exit codes."""
