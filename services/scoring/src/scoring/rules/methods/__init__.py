"""The scoring methods (计分办法): pure functions from named inputs to a score with its trace."""
