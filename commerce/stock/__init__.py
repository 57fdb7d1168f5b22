"""Stock of SKUs: never oversold, every unit always in exactly one place."""
