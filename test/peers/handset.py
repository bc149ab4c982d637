#!/usr/bin/env python3
"""A virtual handset (OMA DM 1.2 client) over OBEX/TCP or HTTP, written from the sheets alone."""
import argparse, http.client, os, random, select, socket, sys
from urllib.parse import urlsplit

sys.dont_write_bytecode = True
import peerlib as P
import peerobex as O
from devtree import Tree
from dmclient import Client
from peerlib import PeerError, Report, Stopped


# ---- transports -----------------------------------------------------------------------------------

def post(client, url, body, hmac):
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    conn = kind(parts.netloc, timeout=300)
    head = {"Content-Type": client.content_type, "Accept": client.accept, "Accept-Charset": "utf-8",
            "Cache-Control": "no-store", "User-Agent": "independent-peer/1.0", **client.http_headers}
    if hmac:
        head["x-syncml-hmac"] = hmac
    try:
        path = (parts.path or "/") + ("?" + parts.query if parts.query else "")
        if "Expect" in head:
            conn.request("POST", path, None, {**head, "Content-Length": str(len(body))})
            early = bool(select.select([conn.sock], [], [], 1.0)[0])
            client.report.emit("expect", answered=early)
            conn.send(body)
        else:
            conn.request("POST", path, body, head)
        answer = conn.getresponse()
        data = answer.read()
    except (OSError, http.client.HTTPException) as e:
        raise PeerError("transport-failed", str(e))
    finally:
        conn.close()
    if answer.status // 100 != 2 or answer.status == 204 or not data:
        raise PeerError("http-status", f"{answer.status}, {len(data)} bytes")
    return data, answer.getheader("x-syncml-hmac"), answer.getheader("Content-Type") or ""


def run_http(client, url, send=post):
    client.begin(f"{random.randrange(1, 65536):X}", 1201, url)
    while client.out:
        farewell = client.over
        answer = send(client, client.url, *client.message())
        if farewell:
            client.report.message("to-handset", answer[0], answer[2])
        else:
            client.receive(*answer)


def run_obex_client(client, opt):
    sock = socket.create_connection(P.host_port(opt.connect), 30)
    link = O.Link(sock, opt.obex_packet)
    try:
        link.connect()
        client.begin(f"{random.randrange(1, 65536):X}", 1201, opt.server_uri)
        while client.out:
            farewell = client.over
            code = link.put(client.content_type, *client.message())
            if code != O.SUCCESS:
                raise PeerError("obex-put-refused", f"{code:02X}")
            code, got = link.get(client.content_type)
            body, kind = got.get(O.BODY), O.mime(got) or client.content_type
            if farewell and body:
                client.report.message("to-handset", body, kind)
            elif not farewell and (code != O.SUCCESS or not body):
                raise PeerError("obex-get-refused", f"{code:02X}")
            elif not farewell:
                client.receive(body, got.get(O.HMAC), kind)
    except O.LinkLost as e:
        raise PeerError("link-lost", str(e))
    finally:
        link.disconnect()


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


def arguments(parser):
    add = parser.add_argument
    add("--encoding", choices=["wbxml", "xml"], default="wbxml")
    add("--auth", choices=["none", "basic", "md5", "mac"], default="md5")
    add("--demand", choices=["none", "basic", "md5", "mac"], help="asked of the server, if not --auth")
    add("--acl", action="append", default=[], help="URI=ACL of a node at the start (any number)")
    add("--imei", default="490154203237518")
    add("--model", default="Peer-1")
    add("--user", default="handset")
    add("--password", default="handset-secret")
    add("--server-id", default="virtual-dms")
    add("--server-password", default="server-secret")
    add("--nonce", default="bm9uY2U=", help="first nonce of both ways, base64")
    add("--server-nonce", help="first nonce of the server's credentials, if different")
    add("--max-message", type=int, default=16384, help="announced MaxMsgSize")
    add("--max-object", type=int, default=16 * 1024 * 1024, help="announced MaxObjSize")
    add("--sessions", type=int, default=1, help="sessions before it exits (0 with --listen: until SIGTERM)")
    add("--late-alert", action="store_true", help="alert 1226 only in package 1 of the next session")
    add("--blob", type=int, default=0, help="bytes of a leaf ./DevDetail/Ext/Blob (uploads of large objects)")
    add("--install-result", type=int, help="result code of every operation instead of doing it")
    add("--out", help="file that gets the result line")
    add("--dump", help="directory that gets every message body")


def conduct(opt, make, one, listen=None):
    """Runs the sessions, prints the result, returns the exit code."""
    P.on_sigterm()
    report = Report(opt.dump, opt.out)
    tree = Tree(opt.imei, opt.model)
    tree.force_result = opt.install_result
    tree.who = opt.server_id
    for entry in opt.acl:
        uri, _, value = entry.partition("=")
        tree.acl[uri] = value
    if opt.blob:
        tree.leaf("./DevDetail/Ext/Blob", bytes(n * n % 251 for n in range(opt.blob)), "bin", "application/octet-stream")
    client, done, stopped = make(opt, report, tree), [], False

    def finished(error=None):
        if error:
            client.problem(error.code, error.message)
            client.out, client.over = [], True
        done.append(client.outcome())
        report.emit("session", **done[-1])
        return bool(opt.sessions) and len(done) >= opt.sessions
    try:
        if listen:
            listen(client, opt, report, finished)
        while not listen and len(done) < max(1, opt.sessions):
            try:
                one(client)
                finished()
            except PeerError as e:
                finished(e)
            except OSError as e:
                finished(PeerError("transport-failed", str(e)))
    except Stopped:
        stopped = True
    except Exception as e:      # a fault of this program, told as such
        finished(PeerError("internal", repr(e)))
    bad = next((d for d in done if not d["ok"]), None)
    if not bad and (not done or not client.over):
        bad = {"code": "stopped" if stopped else "no-session", "message": "no complete session"}
    return report.result(not bad, bad["code"] if bad else "done", bad["message"] if bad else "",
                         sessions=done, installed=tree.installed(), deployed=tree.deployed(),
                         pendingAlerts=len(client.alerts), problems=client.problems)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--listen", help="HOST:PORT, OBEX server")
    where.add_argument("--connect", help="HOST:PORT, OBEX client that starts a session (1201)")
    where.add_argument("--http", help="URL, posts to a DMS directly")
    arguments(parser)
    parser.add_argument("--obex-packet", type=int, default=65535, help="own maximum OBEX packet")
    parser.add_argument("--server-uri", default="http://virtual-dms.example/dm", help="Target of package 1 over OBEX")
    parser.add_argument("--lax-notification", action="store_true", help="a wrong digest starts a session too")
    parser.add_argument("--inbox-dir", help="keeps what is put without a Target")
    opt = parser.parse_args()
    if opt.listen:
        return conduct(opt, Client, None, serve)
    return conduct(opt, Client, lambda c: run_http(c, opt.http) if opt.http else run_obex_client(c, opt))


if __name__ == "__main__":
    sys.exit(main())
