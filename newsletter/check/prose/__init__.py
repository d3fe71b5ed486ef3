"""Rules about the words: spelling, copy-editing, abbreviations, readability. They read passages and sentences."""

from __future__ import annotations
