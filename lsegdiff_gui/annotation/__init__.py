"""What a mask is: draft, base, recipe, override plane, commands."""
