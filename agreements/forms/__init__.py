"""The forms of `agreements`."""
