"""What tests share: a real database server, a small company, a client that holds answers to the contract."""
