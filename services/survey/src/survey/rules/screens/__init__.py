"""Screens: signs in the interviews of one wave that answers were rehearsed or made up.

A screen accuses nobody. It says where a figure is further from what the rest of the wave lets
expect than chance allows, and leaves it to people to look.
"""
