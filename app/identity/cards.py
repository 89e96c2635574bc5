"""The numbers of member cards."""


def card_number(member_id: int) -> str:
    """Sixteen digits that end in a Luhn check digit; what a member reads out where no code can be scanned."""
    body = f"6288{member_id:011d}"
    total = 0
    for position, digit in enumerate(reversed(body)):
        doubled = int(digit) * (2 if position % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return body + str(-total % 10)
