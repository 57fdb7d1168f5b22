"""What an order sheet asks of a product on a shelf: its variants, what they cost, how many are left."""
