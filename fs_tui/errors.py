"""Every error that a user can meet, as one tree; each says what happened, why, and what to do.

Where nothing else is said, an exit status is that of the line above.

FsTuiError                 exit 1
├── UsageError             exit 2: wrong use, settings or credentials
│   ├── SettingsError, ReadOnlyError, DraftError, FilterError, TerminalError, KeptIndexError
│   ├── CredentialError        a source of key and secret is not usable as it is
│   │   ├── CredentialsNotFoundError
│   │   └── KeyringMissingError, KeyringLockedError, KeyringTimeoutError, KeyringBackendError
│   ├── FileError              a file of the user's
│   │   └── OutputError            standard output
│   └── ResourceError          this machine is short of open files, memory, space, threads
├── AnswerError            exit 1: what is wrong is the service's answer
│   ├── ServiceError           an error code, or the HTTP status that stands for one
│   │   ├── AuthenticationError, AuthorizationError, ArgumentError, EndpointNotFoundError,
│   │   │   RequestTooLargeError, LibraryNotFoundError, FaceNotFoundError, LibraryExistsError,
│   │   │   LibraryQuotaError
│   │   └── LimitError, ServiceFailureError    exit 3
│   └── ProtocolError          not the documented shape
│       └── PagingError, UnforeseenError
├── NetworkError           exit 3: no (whole) answer was received
│   ├── ConnectError           nothing was sent
│   │   └── ProxyError
│   ├── TLSError               nothing was sent
│   └── DeadlineError, ConnectionLostError
├── NotCreatedError, OutcomeUnknownError    exit 3: a create whose answer was lost
├── IncompleteError        exit 4: a listing that ended before its proven end
└── ClipboardError         exit 1
"""

from __future__ import annotations


class FsTuiError(Exception):
    """The root: everything that is said to a user goes through these three texts.

    Args:
        detail: What happened in this case, one sentence. May hold text from outside, raw: whoever
            shows it passes it through `visible()`. Never a secret, a sign or personal data.
        hint: What to do next, one sentence; the class's own when not given.

    Attributes:
        title: What kind of thing happened, a few words.
        exit_status: The status with which a plain command ends.
        retry_after: Seconds that the service asked to wait before the next try, if it did.
    """

    title = "Something went wrong"
    hint = ""
    exit_status = 1
    retry_after: float | None = None

    def __init__(self, detail: str = "", *, hint: str | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        if hint is not None:
            self.hint = hint

    def __str__(self) -> str:
        return f"{self.title}: {self.detail}" if self.detail else self.title

    @property
    def as_reason(self) -> str:
        """It as a part of another sentence."""
        return self.detail if isinstance(self, IncompleteError) else str(self)


class UsageError(FsTuiError):
    """The command line, the settings or the credentials are not usable as they are."""

    title = "Invalid usage"
    exit_status = 2


class SettingsError(UsageError):
    """A settings file, an environment variable or a flag holds something unusable."""

    title = "Invalid settings"
    hint = "Correct it there, and start again."


class ReadOnlyError(UsageError):
    """A run that only reads was asked to create a library."""

    title = "This run is read-only"
    hint = "Start without --read-only, and remove read_only from the profile."


class CredentialError(UsageError):
    """No usable pair of API key and secret."""

    title = "No credentials"
    hint = "Run 'fs-tui auth login', or set FS_TUI_API_KEY and FS_TUI_API_SECRET."


class CredentialsNotFoundError(CredentialError):
    """Every source was asked, and none has a key and a secret for this endpoint and profile."""

    title = "No key and secret found"


class KeyringMissingError(CredentialError):
    """This session has no OS keyring that could be asked."""

    title = "There is no keyring here"
    hint = (
        "Set FS_TUI_API_KEY_FILE and FS_TUI_API_SECRET_FILE to two files of mode 600, "
        "or start in a session with a keyring."
    )


class KeyringLockedError(CredentialError):
    """The OS keyring is there and locked; what it holds is not known."""

    title = "The keyring is locked"
    hint = (
        "Run 'fs-tui auth unlock' on a desktop; without one 'gnome-keyring-daemon --replace "
        "--unlock', which reads the keyring's password from standard input."
    )


class KeyringTimeoutError(CredentialError):
    """The OS keyring did not answer within the deadline."""

    title = "The keyring does not answer"
    hint = "Run 'fs-tui doctor', or use another source: fs-tui --credential-source environment."


class KeyringBackendError(CredentialError):
    """The keyring's backend is not one that may be used, or does not do what it is asked."""

    title = "The keyring cannot be used"
    hint = KeyringTimeoutError.hint


class DraftError(UsageError):
    """A field of a library to be created breaks a rule of the documents.

    Attributes:
        field: The API's name of the field, for example `group_id`.
    """

    title = "Invalid library details"

    def __init__(self, field: str, detail: str, *, hint: str | None = None) -> None:
        super().__init__(detail, hint=hint)
        self.field = field


class FilterError(UsageError):
    """A filter expression that cannot be read."""

    title = "Invalid filter"
    hint = (
        "Use words, user:…, data:…, token:…, after:2026-02-01, before:7d; - excludes, | is either."
    )


class TerminalError(UsageError):
    """There is no terminal, or it cannot show the browser."""

    title = "No usable terminal"
    hint = "The plain commands need none: fs-tui libraries, fs-tui faces ID (see fs-tui --help)."


class KeptIndexError(UsageError):
    """No index of a library can be kept, or what is kept cannot be used; all works without."""

    title = "No kept index"


class FileError(UsageError):
    """A file that the user named cannot be read or written."""

    title = "The file cannot be used"


class OutputError(FileError):
    """Standard output is closed, or what it leads to takes no more."""

    title = "The output could not be written"
    hint = "What was written is incomplete."


class ResourceError(UsageError):
    """This machine is short of something: open files, memory, space, threads.

    Attributes:
        is_damage: It is a file of ours whose bytes are not what was written.
    """

    title = "A system limit was reached"
    is_damage = False


class AnswerError(FsTuiError):
    """What the service answered is the trouble.

    Attributes:
        http_status: The HTTP status of the answer, if there was one.
        request_id: The service's name for the request, if it gave one.
    """

    def __init__(
        self,
        detail: str,
        *,
        http_status: int | None = None,
        request_id: str | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(detail, hint=hint)
        self.http_status = http_status
        self.request_id = request_id


class ServiceError(AnswerError):
    """The service answered with an error code; one that no document names is shown as it is.

    Attributes:
        code: The raw code as it was received, for example `AUTHORIZATION_ERROR:DENIED`.
    """

    title = "The service answered with an undocumented error"
    hint = "Ask the vendor about the code, and give the request id."

    def __init__(
        self,
        code: str,
        *,
        http_status: int | None = None,
        request_id: str | None = None,
        detail: str | None = None,
        hint: str | None = None,
    ) -> None:
        self.code = code
        detail = code if detail is None else detail
        super().__init__(detail, http_status=http_status, request_id=request_id, hint=hint)

    @property
    def reason(self) -> str:
        """What follows the first `:` of the code, stripped; empty when nothing does."""
        return self.code.partition(":")[2].strip()


class AuthenticationError(ServiceError):
    """AUTHENTICATION_ERROR: the service does not know the key, or the sign is not the secret's."""

    title = "The key or the secret is wrong"
    hint = "Check the pair with 'fs-tui auth status' and store it again with 'fs-tui auth login'."


class AuthorizationError(ServiceError):
    """AUTHORIZATION_ERROR:<reason>: the key is known and may not do this."""

    title = "The service does not allow this"
    hint = "Ask the account's owner, and check the machine's clock with 'fs-tui doctor'."


class ArgumentError(ServiceError):
    """MISSING_ARGUMENTS or BAD_ARGUMENTS: the service does not accept a parameter."""

    title = "The service rejected a parameter"
    hint = (
        "The service refuses an argument: see what was sent in the request log (L in the browser,"
        " --log-requests FILE for a command), and report it with the request id."
    )

    @property
    def is_of_start(self) -> bool:
        """Whether it is `start` that is refused, as far as that is said (API.md section 4)."""
        reason = self.reason.casefold()
        return not reason or reason.startswith("start")


class EndpointNotFoundError(ServiceError):
    """API_NOT_FOUND: this endpoint is not a FaceSearch service, or not of this version."""

    title = "The service does not know this call"
    hint = "Check the endpoint: scheme and host only, the paths are added."


class RequestTooLargeError(ServiceError):
    """413: the request is larger than the service takes."""

    title = "The request is too large"
    hint = "Send less: shorter texts, or fewer faces per page."


class LibraryNotFoundError(ServiceError):
    """INVALID_OUTER_ID or INVALID_GROUP_ID: there is no such library."""

    title = "No such library"
    hint = (
        "It may have been deleted: 'fs-tui libraries', or r in the sidebar, shows those that exist."
        " Ids are case-sensitive."
    )


class FaceNotFoundError(ServiceError):
    """INVALID_FACE_TOKEN: the token is not in this library."""

    title = "Not in this library"
    hint = "Check the token, capital letters too; it may be in another library."


class LibraryExistsError(ServiceError):
    """GROUP_EXIST: a library with this id is there already."""

    title = "A library with this id already exists"
    hint = "Choose another id: an id can never be changed."


class LibraryQuotaError(ServiceError):
    """GROUP_EXCEEDED: the account has its 10 libraries."""

    title = "The account already has its 10 libraries"
    hint = "Delete a library with the service's own tools first; fs-tui never deletes."


class LimitError(ServiceError):
    """CONCURRENCY_LIMIT_EXCEEDED or HTTP 429: the account's quota is used up for the moment."""

    title = "The account's request limit is reached"
    hint = "Production shares this quota: wait a moment, then try again."
    exit_status = 3


class ServiceFailureError(ServiceError):
    """INTERNAL_ERROR, or a 5xx: the service itself failed."""

    title = "The service failed"
    hint = "Try again in a moment."
    exit_status = 3


class ProtocolError(AnswerError):
    """An answer that is not of the documented shape."""

    title = "The answer does not match the documentation"
    hint = "Check the endpoint, and whether a proxy answers instead of the service."


class PagingError(ProtocolError):
    """Pages contradict each other: asking for later positions does not lead on."""

    title = "The pages of the listing contradict each other"
    hint = "Its positions cannot be relied on: report it to the vendor, with the request id."


class UnforeseenError(ProtocolError):
    """A call failed in a way that nothing here knows; what became of it is not known either."""

    title = "A call failed in a way that was not foreseen"
    hint = "Try again. If it fails again, report these words: they hold no data."


class NetworkError(FsTuiError):
    """No whole answer was received."""

    title = "The service cannot be reached"
    hint = "Check the network, and the endpoint with 'fs-tui doctor'."
    exit_status = 3


class ConnectError(NetworkError):
    """The connection could not be made; nothing was sent."""


class ProxyError(ConnectError):
    """A proxy on the way lets nothing through, whenever it is asked; nothing was sent."""

    title = "The proxy lets nothing through"


class TLSError(NetworkError):
    """The service's certificate was not accepted; nothing was sent."""

    title = "The connection is not trusted"
    hint = "Set ca_bundle in the profile if your network has its own certificate authority."


class DeadlineError(NetworkError):
    """No whole answer within the deadline."""

    title = "The service did not answer in time"
    hint = "Try again; a longer timeout can be set in the profile."


class ConnectionLostError(NetworkError):
    """The connection ended amid the exchange."""

    title = "The connection was lost"
    hint = "Try again."


class NotCreatedError(FsTuiError):
    """A create was sent, its answer was lost, and the library is not there."""

    title = "The library was not created"
    hint = "Try again."
    exit_status = 3


class OutcomeUnknownError(FsTuiError):
    """A create was sent, its answer was lost, and what became of it could not be found out."""

    title = "It is not known whether the library was created"
    hint = "Look with 'fs-tui library ID' before you try again."
    exit_status = 3


class IncompleteError(FsTuiError):
    """A listing ended before its proven end; the detail says why, and how far it came."""

    title = "The listing is incomplete"
    exit_status = 4


class ClipboardError(FsTuiError):
    """A text could not be handed to a clipboard."""

    title = "Nothing was copied"
    hint = "Open the plain view and select it with the terminal's own mouse, or write it to a file."
