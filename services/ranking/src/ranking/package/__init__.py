"""The package of a release (核验包), and the program in it that verifies it by itself."""
