"""The member's JSON under `/api/v1`, described by `/api/openapi.json`."""
