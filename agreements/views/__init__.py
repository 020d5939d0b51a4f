"""The pages of `agreements`."""
