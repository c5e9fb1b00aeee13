"""Who somebody is: passwords, second steps, devices, sessions, and how often one may try. What they may see: access."""
