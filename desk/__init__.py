"""The officers' desk: web pages made of what the services answer. It owns no facts."""
