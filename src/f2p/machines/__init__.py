"""Beyond one machine: workers anywhere that an engine tells what waits, and batches that are handed to them."""
