"""Readers: one file per format, from bytes to blocks of text with their layout."""
