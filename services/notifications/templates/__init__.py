"""What the council writes: versioned templates as files, and the letters that are made of them."""
