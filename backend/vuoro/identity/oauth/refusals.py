"""Refusals as OAuth words them (RFC 6749): JSON at the token's door, parameters of the redirect at the person's."""


class Refused(Exception):
    """A request that cannot be granted; `error` is the code of RFC 6749."""

    status = 400

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error, self.description = error, description


class Untrusted(Refused):
    """Client or redirect address is not known here, so nothing is ever sent to that address."""

    def __init__(self, description: str) -> None:
        super().__init__("invalid_request", description)


class UnknownClient(Refused):
    """The client did not prove who it is."""

    status = 401

    def __init__(self, description: str = "The client is unknown, has ended, or its secret is wrong.") -> None:
        super().__init__("invalid_client", description)


class DeadGrant(Refused):
    """The code or refresh token is wrong, used, too old, or its person or consent is gone."""

    def __init__(self) -> None:
        super().__init__("invalid_grant", "The code or refresh token is used, too old, or not this client's.")
