"""What every package needs and no mall knows of: settings, database, clock, money, codes, crypto, errors, logs."""
