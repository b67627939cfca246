"""What the user is told when something that the user gave us cannot be used."""


class UserError(Exception):
    """A mistake in an option, a feed list, a topic file or credentials.

    The message is one line that names the file, line or option and says what to do. The command
    prints it and exits with status 2; nobody sees a traceback.
    """
