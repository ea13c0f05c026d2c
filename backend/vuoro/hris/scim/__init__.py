"""SCIM 2.0: an identity provider keeps people and groups in the directory."""
