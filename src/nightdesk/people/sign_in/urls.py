"""Addresses of signing in. Some names are those by which django-allauth knows them."""

from django.urls import path

from nightdesk.people.sign_in import doors, second_factors

urlpatterns = [
    path("login/", doors.SignIn.as_view(), name="account_login"),
    path("login/code/", doors.second_factor, name="mfa_authenticate"),
    path("login/passkey/", doors.by_passkey, name="mfa_login_webauthn"),
    path("login/passkey/options/", doors.passkey_options, name="passkey_options"),
    path("second-factor/", second_factors.overview, name="mfa_index"),
    path("second-factor/app/", second_factors.add_app, name="mfa_activate_totp"),
    path("second-factor/passkey/", second_factors.add_passkey, name="mfa_add_webauthn"),
    path("second-factor/<int:pk>/remove/", second_factors.remove, name="second_factor_remove"),
    path("second-factor/codes/", second_factors.recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "second-factor/codes/renew/",
        second_factors.renew_codes,
        name="mfa_generate_recovery_codes",
    ),
    path("sessions/<int:pk>/end/", second_factors.end_session, name="end_session"),
    path("sessions/end-others/", second_factors.end_other_sessions, name="end_other_sessions"),
    path("security/seen/", second_factors.seen, name="security_seen"),
]
