"""`newsletter evidence`: one file that proves what went out."""
