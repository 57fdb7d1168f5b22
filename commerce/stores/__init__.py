"""The stores of a business, where orders are collected."""
