"""The canvas: picture, overlay, strokes."""
