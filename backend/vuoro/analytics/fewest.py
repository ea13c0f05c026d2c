"""How few people a figure may tell of."""

K = 5
