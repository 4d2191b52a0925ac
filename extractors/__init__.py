"""One file per kind of fact: pure functions `find_*(text, …) -> list`, in text order, tables beside them."""
