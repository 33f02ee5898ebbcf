"""The API gateway: authentication, authorisation, rate limits and forwarding of requests."""
