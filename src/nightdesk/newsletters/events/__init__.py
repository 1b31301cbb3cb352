"""What comes back: reports of mail services, returned mail, complaints, mailed wishes to end."""
