"""All applications, by what the law wants first."""
