"""The published language: what every service may know of what happened in another. One module per context, or a package where
one module grew too long to read."""
