"""Picture bytes in, picture bytes out: open what people send, encode what offices want, write without breaking anything."""
