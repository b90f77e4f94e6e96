"""A mail server for the tests: aiosmtpd, which speaks SMTP for real, keeping each letter as a file of a folder.

What it does with a letter follows from the receiver: `refused@` gets 550, `later@` gets 451 the first time, `slow@` is let
wait, `full@` is refused after the letter was read. Everybody else gets 250. It prints `listening PORT` when it is ready.
"""

import argparse
import asyncio
import json
import ssl
import subprocess
from pathlib import Path

from aiosmtpd.smtp import SMTP, AuthResult

arguments = argparse.ArgumentParser()
arguments.add_argument("--folder", type=Path, required=True)
arguments.add_argument("--port", type=int, default=0)
arguments.add_argument("--tls", choices=["none", "offered", "required", "wrapped"], default="none")
arguments.add_argument("--user")
arguments.add_argument("--password")
arguments.add_argument("--slow-seconds", type=float, default=30)
arguments.add_argument("--no-utf8", action="store_true")
options = arguments.parse_args()

certificate = options.folder / "certificate.pem"
key = options.folder / "key.pem"
CERTIFICATE = """
[req]
distinguished_name = name
x509_extensions = extensions
prompt = no
[name]
CN = mail server of the tests
[extensions]
basicConstraints = critical, CA:FALSE
subjectAltName = IP:127.0.0.1, DNS:localhost
"""


def make_certificate():
    """A certificate that stands for itself, good for a day, for this machine alone."""
    settings = options.folder / "openssl.cnf"
    settings.write_text(CERTIFICATE)
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1".split()
    command += ["-config", settings, "-keyout", key, "-out", certificate]
    subprocess.run(command, check=True, capture_output=True)


def is_encrypted(session):
    return options.tls == "wrapped" or session.ssl is not None


class Letters:
    """Decides over letters and keeps what was taken, and a line for each step that a test may ask about."""

    def __init__(self):
        self.turned_away = set()

    def note(self, what, **more):
        with (options.folder / "log.jsonl").open("a") as log:
            log.write(json.dumps({"what": what, **more}) + "\n")

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        self.note("greeted", by=hostname, encrypted=is_encrypted(session))
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        kind = address.split("@")[0]
        if kind == "refused":
            self.note("refused", to=address)
            return f"550 5.1.1 <{address}> does not live here"
        if kind == "later" and address not in self.turned_away:
            self.turned_away.add(address)
            self.note("put off", to=address)
            return "451 4.7.1 Come back later"
        if kind == "slow":
            self.note("kept waiting", to=address)
            await asyncio.sleep(options.slow_seconds)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if any(address.startswith("full@") for address in envelope.rcpt_tos):
            self.note("refused", to=envelope.rcpt_tos[0])
            return "552 5.2.2 The mail box is full"
        # Names in the order of arrival, which outlive a new start on the same folder.
        number = len(list(options.folder.glob("*.eml")))
        self.note("taken", to=envelope.rcpt_tos, sender=envelope.mail_from, encrypted=is_encrypted(session),
                  login=bool(session.authenticated))
        draft = options.folder / f"{number:04}.draft"
        draft.write_bytes(envelope.original_content)
        draft.rename(options.folder / f"{number:04}.eml")
        return f"250 OK, kept as {number:04}"


def check(server, session, envelope, mechanism, login):
    is_right = login.login == options.user.encode() and login.password == options.password.encode()
    return AuthResult(success=is_right, handled=False, auth_data=login)


async def serve():
    context = None
    if options.tls != "none":
        if not certificate.exists():
            make_certificate()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
    letters = Letters()

    def speak():
        return SMTP(
            letters,
            hostname="mail.test",
            enable_SMTPUTF8=not options.no_utf8,
            tls_context=context if options.tls in ("offered", "required") else None,
            require_starttls=options.tls == "required",
            authenticator=check if options.user else None,
            auth_required=bool(options.user),
            auth_require_tls=options.tls != "none" and options.tls != "wrapped",
        )

    loop = asyncio.get_running_loop()
    wrapped = context if options.tls == "wrapped" else None
    server = await loop.create_server(speak, "127.0.0.1", options.port, ssl=wrapped, reuse_address=True)
    print("listening", server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(serve())
