"""Events out: endpoints that an admin names, signed by Standard Webhooks, delivered by the worker."""
