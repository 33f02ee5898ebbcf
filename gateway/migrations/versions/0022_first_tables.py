"""Accounts, sessions, second factors, webhooks, and messages that are signed."""

from chassis import migrations

revision = "0022"
down_revision = None


def upgrade() -> None:
    """Make the tables as they are today; a database of an older version is refused."""
    migrations.foundations()
    migrations.create(__file__, "accounts", "sessions", "second_factors", "webhooks", "messages")
    migrations.append_only(
        "account_confirmation",
        "account_change",
        "account_change_confirmation",
        "account_secret",
        "account_secret_confirmation",
        "account_secret_revocation",
        "account_reset",
        "account_reset_effect",
        "session",
        "session_end",
        "refresh_token",
        "refresh_use",
        "provided_token",
        "second_factor",
        "second_factor_confirmation",
        "second_factor_use",
        "recovery_code",
        "recovery_use",
        "webhook_host",
        "webhook_host_confirmation",
        "webhook_host_withdrawal",
        "webhook",
        "webhook_secret",
        "webhook_step",
        "webhook_attempt",
        "webhook_redelivery",
        "message_key",
        "message_key_confirmation",
        "message_key_withdrawal",
        "received_message",
        "answered_message",
    )
    migrations.writable("browser_session", ["idle_until"])
    migrations.writable("recent_use", ["process", "at", "told"])
    migrations.writable("secret_use", ["last_used_at"])
    migrations.writable("webhook_message", ["payload"])
    migrations.writable(
        "webhook_progress",
        [
            "standing",
            "generation",
            "redelivery",
            "frozen",
            "settled",
            "redelivered",
            "failing_since",
            "due_at",
            "is_idle",
            "holder",
            "held_until",
        ],
    )
    migrations.forward_only("webhook_message", "NEW.payload IS NULL")
    migrations.forward_only("browser_session", "NEW.idle_until >= OLD.idle_until")
