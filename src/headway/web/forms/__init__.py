"""What people send: fields with their words, checked before a service is called."""
