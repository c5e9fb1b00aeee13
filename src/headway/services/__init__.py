"""What can be done: may this person? one transaction, written to the history and the audit."""
