"""What fills the directory: files, and later SCIM."""
