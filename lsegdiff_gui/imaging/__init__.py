"""Pictures in and out of numpy: the only reader and the only atomic writer."""
