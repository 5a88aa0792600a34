"""What a report counts and how it says it; data in, data out."""
