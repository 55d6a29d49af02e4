"""What requests must hold, and the OpenAPI document."""
