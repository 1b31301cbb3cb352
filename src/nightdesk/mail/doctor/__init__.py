"""Will mail be believed? Whatever others check before they take it, looked at beforehand, each
finding with what to do and, where it is a matter of DNS, the very line to add."""
