"""The pictures of the documentation: cases brought to their stages, photographed, and laid out on sheets."""
