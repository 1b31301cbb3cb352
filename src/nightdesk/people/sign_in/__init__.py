"""Signing in: a name and a password, then a second factor; or a passkey alone.

The steps of a sign-in, one-time codes and passkeys are django-allauth's. Until the last step is
done nobody is signed in: the request's user is nobody, and so may do nothing.
"""
