"""The tour: whole complaints played through HTTP, as every role."""
