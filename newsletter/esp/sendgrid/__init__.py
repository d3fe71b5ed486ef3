"""Twilio SendGrid, v3 Mail Send (https://www.twilio.com/docs/sendgrid/api-reference/mail-send/mail-send)."""
