"""A typed client of the API, for callers that wait and for callers that await."""

from kaoping_client.calls import NoAnswer, Person, Problem, System, etag_of
from kaoping_client.operations import AsyncOperations as AsyncClient
from kaoping_client.operations import Operations as Client

__all__ = ["AsyncClient", "Client", "NoAnswer", "Person", "Problem", "System", "etag_of"]
