"""The one door: who is asking, what they may ask, and who answers."""
