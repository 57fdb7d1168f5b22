"""What is sold: products; later stock, orders, payments."""
