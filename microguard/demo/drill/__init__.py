"""The crash drill: people file while processes and the database are killed; then the books are compared."""
