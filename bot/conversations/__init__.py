"""One file tells one story that people live through; its docstring is the exchange, as a little script."""
