"""The nouns: frozen dataclasses and enums, no input or output. Import them from their own file."""
