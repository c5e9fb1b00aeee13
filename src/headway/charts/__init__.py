"""Drawings: SVG made on the server from figures that are already worked out. Knows no page, no file, no storage."""
