"""Messages from plan to delivery: kinds, the broker, deliveries, reminders."""
