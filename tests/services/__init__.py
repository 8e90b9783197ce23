"""What the use cases promise, on both databases."""
