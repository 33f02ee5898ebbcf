"""The door, in this process: what it lets through, and what it refuses."""

import asyncio

import httpx
import pytest

from chassis import authorisation
from service_testing import AUTHORISATION

UNITS = "/api/v1/units"
MATRIX = authorisation.load(AUTHORISATION)
POSTS = [route for route in MATRIX.routes if route.startswith("POST") and not MATRIX.is_open(route)]
SOME = {
    "cycle_id": "7", "version": "1", "unit": "ZH01", "entry_id": "7", "edition": "1",
