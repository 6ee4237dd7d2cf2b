"""QObject adapters that keep model, store, mask work and files off the GUI thread."""
