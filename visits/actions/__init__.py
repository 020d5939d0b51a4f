"""What people do to visits and notes."""
