"""The MCP face: tools and resources over the use cases, and the transports that carry them."""
