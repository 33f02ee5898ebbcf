"""Signed messages between agencies (签名报文): verified, answered with a signature, archived."""
