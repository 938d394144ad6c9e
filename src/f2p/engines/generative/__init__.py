"""Samplers that make pictures from words and photos. Torch and its family are imported here only, when one is opened."""
