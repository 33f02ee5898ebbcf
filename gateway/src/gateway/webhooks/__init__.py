"""Webhooks (事件推送): what happened is sent to other systems, signed, in order, at least once."""
