"""What people fill in about needs and matches: forms check, actions act."""
