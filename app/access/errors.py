"""Why staff are not let in, or not let change something about staff."""

from app.kernel.errors import DomainError


class CredentialsWrong(DomainError):
    """Phone or password is wrong; which of them is not said."""

    kind = "unauthenticated"
    code = "credentials_wrong"


class AccountDisabled(DomainError):
    """The password was right, and the account is switched off."""

    kind = "forbidden"
    code = "account_disabled"


class FaceForbidden(DomainError):
    """None of the person's roles belongs to this portal (the merchants' or the mall's)."""

    kind = "forbidden"
    code = "face_forbidden"


class StoreRequired(DomainError):
    """The session stands in no store that the person works in; one must be chosen first."""

    kind = "conflict"
    code = "store_required"


class PasswordWrong(DomainError):
    """The present password was not given rightly."""

    code = "password_wrong"


class PasswordWeak(DomainError):
    """A password needs 8 to 128 characters with letters and digits, and may not hold the phone number."""

    code = "password_weak"


class PasswordTemporary(DomainError):
    """Somebody else chose the password; the person must replace it before anything else."""

    kind = "forbidden"
    code = "password_temporary"


class NothingChanged(DomainError):
    """It was so already, for instance because a colleague was first."""

    kind = "conflict"
    code = "nothing_changed"


class StaffPhoneTaken(DomainError):
    """A member of staff with this phone number exists."""

    kind = "conflict"
    code = "staff_phone_taken"


class StaffNameInvalid(DomainError):
    """A name has 1 to 40 characters."""

    code = "staff_name_invalid"


class OwnAccount(DomainError):
    """Nobody switches off or resets their own account."""

    kind = "conflict"
    code = "own_account"


class SignInRequired(DomainError):
    """Nobody is signed in."""

    kind = "unauthenticated"
    code = "sign_in_required"


class SessionExpired(DomainError):
    """The session is over; sign in again."""

    kind = "unauthenticated"
    code = "session_expired"
