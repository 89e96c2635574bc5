"""What purchases and acts earn, who pays for it, and what refunds take back."""
