"""Ukrainian as it is read on the air: numbers agree with what they count."""
