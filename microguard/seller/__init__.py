"""The seller's own pages: claiming a profile, what waits, what it shows of itself."""
