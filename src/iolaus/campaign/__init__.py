"""Networks -> campaigns: flows, the two claims, what is said about them."""
