"""The virtual handset as OBEX server: what one OBEX client after the other does to it."""
import os, socket

import peerlib as P
import peerobex as O
from peerlib import PeerError


class Service:
    """What one OBEX client does to the handset as OBEX server."""

    def __init__(self, client, opt, report, finished, link):
        self.client, self.opt, self.report, self.finished, self.link = client, opt, report, finished, link
        self.mode = self.last = None
        self.active, self.stop, self.parts, self.number = False, False, None, 0

    def ended(self, error=None):
        """Disconnect, abort, link loss: the session is over, package 0 is expected again."""
        if self.active:
            self.active = False
            self.stop = self.finished(None if self.client.over else error)

    def loop(self):
        while not self.stop:
            code, raw = self.link.recv()
            try:
                answer = self.packet(code, raw)
            except PeerError as e:
                self.report.emit("refused", code=e.code, message=e.message)
                answer, self.parts = (0xC0, b""), None
            if answer:
                self.link.send(*answer)

    def packet(self, code, raw):
        if code == O.CONNECT:
            return self.connected(raw)
        if code == O.ABORT:
            self.parts = None
            self.ended(PeerError("obex-abort"))
            return O.SUCCESS, b""
        fixed = 2 if code == O.SETPATH else 0
        found = O.headers(raw[fixed:])
        if found.get(O.CONNECTION, self.number) != self.number:
            return 0xD3, b""
        if code == O.DISCONNECT:
            self.link.send(O.SUCCESS)
            self.mode = None
            return self.ended(PeerError("disconnected", "before the session ended"))
        if not self.mode:
            return 0xC0, b""
        op, last = code & 0x7F, bool(code & 0x80)
        if code == O.SETPATH:
            return (O.SUCCESS if self.mode == "inbox" else 0xC0), b""
        if op not in (O.PUT, O.GET):
            return 0xD1, b""
        if self.parts is None:
            self.parts = {}
        O.merge(self.parts, found)
        if len(self.parts.get(O.BODY, b"")) > self.opt.max_message and self.mode == "dm":
            self.parts = None
            return 0xCD, b""
        if self.mode == "dm" and O.TYPE in self.parts and \
                O.mime(self.parts) not in (self.client.content_type, P.NOTIFICATION):
            self.parts = None
            return 0xCF, b""
        if not last:
            return O.CONTINUE, b""
        parts, self.parts = self.parts, None
        if op == O.PUT and O.BODY not in parts or O.TYPE not in parts and self.mode == "dm":
            return 0xC0, b""
        if self.mode == "inbox":
            return self.inbox(op, parts)
        return self.put(parts) if op == O.PUT else self.get(parts)

    def connected(self, raw):
        if self.parts is not None:
            return 0xC9, b""
        self.ended(PeerError("disconnected", "new CONNECT"))
        self.link.peer = max(255, int.from_bytes(raw[2:4], "big"))
        target = O.headers(raw[4:]).get(O.TARGET)
        fixed = b"\x10\x00" + self.opt.obex_packet.to_bytes(2, "big")
        if target != O.SYNCML_DM and not (self.opt.inbox_dir and target in (None, O.FOLDERS)):
            return 0xC4, fixed
        self.mode = "dm" if target == O.SYNCML_DM else "inbox"
        self.number += 1
        if target:
            fixed += O.header(O.CONNECTION, self.number) + O.header(O.WHO, target)
        return O.SUCCESS, fixed

    def inbox(self, op, parts):
        name = os.path.basename(parts.get(O.NAME) or "unnamed")
        path = os.path.join(self.opt.inbox_dir, name)
        if op == O.PUT:
            os.makedirs(self.opt.inbox_dir, exist_ok=True)
            with open(path, "wb") as f:
                f.write(parts[O.BODY])
            self.report.emit("inbox", name=name, bytes=len(parts[O.BODY]), contentType=O.mime(parts))
            return O.SUCCESS, b""
        if not os.path.isfile(path):
            return 0xC4, b""
        with open(path, "rb") as f:
            self.link.answer_object([], f.read())

    def put(self, parts):
        body = parts[O.BODY]
        if not self.active:
            self.notified(body)
        elif O.mime(parts) == P.NOTIFICATION or body == self.last:
            pass    # repeated notification or message: nothing to do
        elif self.client.over:      # the answer to the farewell
            self.report.message("to-handset", body, O.mime(parts))
        else:
            self.last = body
            try:
                self.client.receive(body, parts.get(O.HMAC), O.mime(parts))
            except PeerError as e:
                self.client.over = False
                self.ended(e)
                return 0xC0, b""
        if self.active and self.client.over:
            self.link.timeout(10)
        return O.SUCCESS, b""

    def notified(self, raw):
        opt, client, why = self.opt, self.client, ""
        try:
            note = O.notification_read(raw)
        except PeerError as e:
            return self.report.emit("notification", ok=False, message=e.message)
        known = {"stored": client.theirs, "zero": P.DEFAULT_NONCES[0], "ascii": P.DEFAULT_NONCES[1]}
        used = next((k for k, n in known.items()
                     if P.digest(opt.server_id, opt.server_password, n, note["trigger"]) == note["digest"]), None)
        if note["server"] != opt.server_id:
            why = f"unknown server {note['server']}"
        elif not 10 <= note["version"] <= 12 or not note["session"]:
            why = "version or session id"
        elif not used:
            why = "digest"
        self.report.emit("notification", ok=not why, nonce=used, session=f"{note['session']:X}",
                         server=note["server"], message=why or None)
        if not why or opt.lax_notification:
            default = known[used] if used in ("zero", "ascii") else None
            client.begin(f"{note['session']:X}", 1200, opt.server_uri, default)
            self.active, self.last = True, None

    def get(self, parts):
        if O.mime(parts) != self.client.content_type:
            return 0xCF, b""
        if not self.active or not self.client.out:
            return 0xC4, b""
        try:
            body, hmac = self.client.message()
        except PeerError as e:
            self.client.over = False
            self.ended(e)
            return 0xD0, b""
        heads = [O.type_header(self.client.content_type), O.header(O.LENGTH, len(body))]
        if not self.link.answer_object(heads + ([O.header(O.HMAC, hmac)] if hmac else []), body):
            self.ended(PeerError("obex-abort"))


def serve(client, opt, report, finished):
    host, port = P.host_port(opt.listen)
    with socket.create_server((host, port)) as server:
        report.emit("listening", address=f"tcp:{host}:{server.getsockname()[1]}", pid=os.getpid())
        while True:
            link = O.Link(server.accept()[0], opt.obex_packet)
            service = Service(client, opt, report, finished, link)
            try:
                service.loop()
            except O.LinkLost as e:
                service.ended(PeerError("link-lost", str(e)))
            link.sock.close()
            if service.stop:
                return
