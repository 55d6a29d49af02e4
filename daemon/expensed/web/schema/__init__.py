"""The schemas of requests, and the OpenAPI document."""
