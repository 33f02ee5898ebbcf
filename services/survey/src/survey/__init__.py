"""Collects answers in waves and turns them into satisfaction: what people say."""
