"""One module or folder per provider: turns chunks into its requests and its answers into ours (docs/adding-an-esp.md)."""
