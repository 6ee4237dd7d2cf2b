"""PNG and COCO, exact in both directions."""
