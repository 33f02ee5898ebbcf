"""Documents for people: what one says is given once, and laid out as PDF, for Word or for Excel.

Whoever makes a paper says what stands on it, text by text (`paper`); nothing of it is ever read as
markup, as a formula or as a link. Each layout (`printing`) gives the same bytes for the same paper.
"""
