"""A real SMTP server (aiosmtpd) for the tests: it keeps a ledger, and misbehaves where it is told to.

Started by crates/testkit/src/smtp.rs with one JSON argument. It prints one JSON line when it
listens, writes each mail as a JSON line to the ledger (synced before it answers), and ends when its
standard input is closed, so that it never outlives the test.
"""

import asyncio
import base64
import email
import email.policy
import json
import logging
import os
import ssl
import subprocess
import sys
import threading
import warnings

from aiosmtpd.smtp import SMTP, AuthResult

OPTIONS = json.loads(sys.argv[1])
# aiosmtpd warns at each connection that signing in without TLS is unwise. It is; it is also tested.
warnings.simplefilter("ignore")
logging.getLogger("mail.log").setLevel(logging.ERROR)
LEDGER = os.path.join(OPTIONS["dir"], "mails.jsonl")


class Peer(SMTP):
    async def trouble(self, stage):
        """Does what the options want at this stage; True when the command is thereby answered."""
        for entry in OPTIONS["trouble"]:
            if entry["at"] != stage or entry["times"] == 0:
                continue
            if entry["times"] is not None:
                entry["times"] -= 1
            what, text = entry["what"], entry["text"]
            if what == "slow":
                await asyncio.sleep(int(text) / 1000)
                continue
            if what == "close":
                self.transport.abort()
            if what in ("close", "hang"):
                # Until the connection is lost, which cancels this.
                await asyncio.Future()
            await self.push(text)
            return True
        return False

    async def _handle_client(self):
        if await self.trouble("connect"):
            self.transport.close()
            return
        await super()._handle_client()

    async def smtp_EHLO(self, arg):
        if not await self.trouble("ehlo"):
            await super().smtp_EHLO(arg)

    async def smtp_MAIL(self, arg):
        if not await self.trouble("mail"):
            await super().smtp_MAIL(arg)

    async def smtp_RCPT(self, arg):
        if not await self.trouble("rcpt"):
            await super().smtp_RCPT(arg)

    async def smtp_DATA(self, arg):
        if await self.trouble("data"):
            return
        if any(entry["at"] == "body" for entry in OPTIONS["trouble"]):
            await self.push("354 go ahead")
            await self.trouble("body")
            return
        await super().smtp_DATA(arg)


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        reply = OPTIONS["refuse"].get(address)
        if reply:
            return reply
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        is_encrypted = server.transport.get_extra_info("ssl_object") is not None
        record(session, envelope, is_encrypted)
        if await server.trouble("answer"):
            # The trouble has answered already; an empty line would be garbage on top.
            server.transport.close()
            await asyncio.Future()
        return "250 2.0.0 OK queued"


def content(part):
    """The decoded text of a part, with the line ends of the tests."""
    return part.get_content().replace("\r\n", "\n") if part else None


def record(session, envelope, is_encrypted):
    mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
    plain = mail.get_body(preferencelist=("plain",))
    html = mail.get_body(preferencelist=("html",))
    line = {
        "helo": session.host_name,
        "user": session.auth_data.decode() if session.auth_data else None,
        "is_encrypted": is_encrypted,
        "from": envelope.mail_from,
        "to": envelope.rcpt_tos,
        "headers": [[name, str(value)] for name, value in mail.items()],
        "text": content(plain),
        "html": content(html),
        "raw": base64.b64encode(envelope.content).decode(),
    }
    with open(LEDGER, "a", encoding="utf-8") as ledger:
        ledger.write(json.dumps(line) + "\n")
        ledger.flush()
        os.fsync(ledger.fileno())


def authenticate(server, session, envelope, mechanism, data):
    if [data.login.decode(), data.password.decode()] != OPTIONS["login"]:
        return AuthResult(success=False, handled=False)
    return AuthResult(success=True, auth_data=data.login)


def certificate():
    """A certificate for localhost that only those trust who were given it."""
    key, cert = (os.path.join(OPTIONS["dir"], name) for name in ("key.pem", "cert.pem"))
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
        + ["-nodes", "-keyout", key, "-out", cert, "-days", "2", "-subj", "/CN=localhost"]
        + ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
        + ["-addext", "basicConstraints=critical,CA:FALSE"],
        check=True,
        capture_output=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context, cert


def end_with_the_test():
    sys.stdin.buffer.read()
    os._exit(0)


async def main():
    tls = OPTIONS["tls"]
    context, cert = certificate() if tls != "none" else (None, None)

    def peer():
        return Peer(
            Handler(),
            hostname="peer.test",
            enable_SMTPUTF8=OPTIONS["takes_utf8"],
            tls_context=context if tls == "starttls" else None,
            require_starttls=tls == "starttls",
            auth_required=OPTIONS["login"] is not None,
            auth_require_tls=False,
            authenticator=authenticate,
        )

    server = await asyncio.get_running_loop().create_server(
        peer, "127.0.0.1", OPTIONS["port"], ssl=context if tls == "tls" else None
    )
    port = server.sockets[0].getsockname()[1]
    print(json.dumps({"port": port, "certificate": cert}), flush=True)
    threading.Thread(target=end_with_the_test, daemon=True).start()
    await server.serve_forever()


asyncio.run(main())
