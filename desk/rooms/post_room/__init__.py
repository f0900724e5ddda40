"""What came in by post, e-mail and telephone, until it is answered; and what went out."""
