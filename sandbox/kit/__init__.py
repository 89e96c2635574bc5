"""What all platforms of the sandbox share: settings, clock, store, signatures, faults, callbacks, the request log."""
