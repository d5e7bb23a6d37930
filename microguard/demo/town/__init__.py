"""The demo's town: cases of the past year retold, and the matters of one Monday, played by the real actions."""
