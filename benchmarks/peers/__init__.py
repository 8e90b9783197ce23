"""Programs that run in environments of their own, with nothing of this project; they print JSON."""
