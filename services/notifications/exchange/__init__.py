"""The bytes and calls of those who carry messages: SMTP, GOV.UK Notify, a print house."""
