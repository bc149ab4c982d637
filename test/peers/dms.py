#!/usr/bin/env python3
"""A DM server (OMA DM 1.2 over HTTP at /dm), written from the sheets alone."""
import argparse, hashlib, os, sys, threading, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

sys.dont_write_bytecode = True
import peerlib as P
from dmsession import Command, Session
from dmswork import Script
from peerlib import PeerError, Report, Stopped, b64, unb64
from peerobex import notification

DEPLOYED, DELIVERED = "./SCM/Inventory/Deployed", "./SCM/Inventory/Delivered"


class Dms:
    def __init__(self, opt, report):
        self.opt, self.report = opt, report
        self.stores, self.sessions, self.done, self.alerts = {}, {}, [], []
        self.inventory, self.after, self.dev_info, self.dev_detail = [], None, {}, {}
        self.read, self.work = [], Script(opt.script)
        self.lock, self.wake = threading.RLock(), threading.Event()
        self.job, self.delivery, self.extra_nonces, self.url = "new", {}, [], ""
        self.last_seen = time.monotonic()

    def store(self, device):
        opt = self.opt
        return self.stores.setdefault(device, {"theirs": unb64(opt.nonce),
                                               "mine": unb64(opt.server_nonce or opt.nonce)})

    # -- what is done in a session -----------------------------------------------------------------
    def script(self, session):
        """Yields packages (lists of commands), gets them back with their outcome."""
        opt = self.opt
        self.dev_info = session.dev_info
        if "devdetail" in opt.quirks:
            names = ["DevTyp", "OEM", "FwV", "SwV", "HwV", "LrgObj", "URI/MaxDepth"]
            got = yield [Command("Get", f"./DevDetail/{n}") for n in names]
            self.dev_detail = {n: c.text() for n, c in zip(names, got) if c.code == 200}
        if opt.read:
            got = yield [Command("Get", uri) for uri in opt.read]
            self.read = [{"uri": c.uri, "code": c.code, "bytes": sum(len(v) for v in c.results.values()),
                          "sha256": hashlib.sha256(b"".join(c.results.values())).hexdigest()} for c in got]
        if opt.script:
            yield from self.work.run(session)
        if opt.script and not (opt.package or opt.remove):
            return
        self.inventory = yield from self.read_inventory(session)
        if self.job == "new" and opt.package:
            self.job = "sent"
            yield from self.deliver(session)
        if self.job in ("new", "removing") and opt.remove:
            self.job = "sent"
            yield from self.remove(session)
        if "reread" in opt.quirks:
            self.after = yield from self.read_inventory(session)

    def read_inventory(self, session):
        top, = yield [Command("Get", DEPLOYED)]
        if top.code != 200:
            session.problem("get-refused", f"{DEPLOYED} {top.code}")
            return []
        names = [n for n in top.text().split("/") if n]
        leaves = ("ID", "Version", "State")
        if not names:
            return []
        got = yield [Command("Get", f"{DEPLOYED}/{n}/{leaf}") for n in names for leaf in leaves]
        found = []
        for i, name in enumerate(names):
            values = {leaf.lower(): c.text() if c.code == 200 else None
                      for leaf, c in zip(leaves, got[3 * i:3 * i + 3])}
            if values["id"] is None:
                session.problem("get-refused", f"{name}/ID {got[3 * i].code}")
            found.append({**values, "node": name})
        return found

    def deliver(self, session):
        opt = self.opt
        with open(opt.package, "rb") as f:
            data = f.read()
        node = f"{DELIVERED}/{opt.package_name}"
        kind = opt.package_type
        if "raw-bin" in opt.quirks and session.encoding == "wbxml":
            payload = Command("Add", f"{node}/Data", data, "bin", kind, raw=True)
        else:
            payload = Command("Add", f"{node}/Data", b64(data), "b64", kind)
        got = yield [Command("Add", node, form="node"), Command("Add", f"{node}/PkgID", opt.package_id, "chr"),
                     Command("Add", f"{node}/Name", opt.package_name, "chr"), payload]
        self.delivery = {c.uri: c.code for c in got}
        for c in got:
            if c.code != 200:
                session.problem("delivery-refused", f"{c.uri} {c.code}")
        if any(c.code != 200 for c in got):
            return
        yield from self.execute(session, f"{node}/Operations/Install")

    def remove(self, session):
        node = next((i["node"] for i in self.inventory if i["id"] == self.opt.remove), None)
        if not node:
            return session.problem("component-unknown", self.opt.remove)
        yield from self.execute(session, f"{DEPLOYED}/{node}/Operations/Remove")

    def execute(self, session, uri):
        got, = yield [Command("Exec", uri, correlator=self.opt.correlator)]
        self.delivery[uri] = got.code
        if got.code not in (200, 202):
            session.problem("exec-refused", f"{uri} {got.code}")
        if got.code == 202:
            self.job = "accepted"

    def job_problem(self):
        """After all sessions: was the operation reported as successful?"""
        if not (self.opt.package or self.opt.remove) or not self.done:
            return None
        alert = next((a for a in self.alerts if a["correlator"] == self.opt.correlator), None)
        if self.job == "accepted" and not alert:
            return "alert-missing", f"no Alert 1226 with correlator {self.opt.correlator}"
        if alert and not 1200 <= (alert["resultCode"] or 0) < 1300:
            return "operation-failed", str(alert["resultCode"])
        return ("job-not-done", self.job) if self.job == "new" else None

    # -- messages -----------------------------------------------------------------------------------
    def post(self, body, content_type, hmac):
        """(HTTP status, body, x-syncml-hmac, content type, session that ended or None)"""
        self.last_seen = time.monotonic()
        self.report.message("to-dms", body, content_type)
        encoding = P.encoding_of(content_type)
        if not encoding:
            self.report.emit("refused", code="wrong-content-type", message=content_type)
            return 415, b"", None, "", None
        session = None
        try:
            head = P.parse(body, encoding).get("SyncHdr")
            device, ident = head.val("Source/LocURI"), head.val("SessionID")
            session = self.sessions.get(device)
            if session and session.ident != ident:
                self.close(session, "session-incomplete")
                session = None
            if not session:
                session = self.sessions[device] = Session(self, device, ident, encoding)
            if session.encoding != encoding:
                raise PeerError("encoding-changed", encoding)
            answer, mac, over = session.handle(body, hmac)
        except Exception as e:
            if not isinstance(e, PeerError):    # a fault of this program, told as such
                e = PeerError("internal", repr(e))
            self.report.emit("refused", code=e.code, message=e.message)
            if session:
                session.problem(e.code, e.message)
            return 400, b"", None, "", session
        kind = P.TYPES[encoding]
        self.report.message("to-handset", answer, kind)
        return 200, answer, mac, kind, session if over else None

    def close(self, session, code=None):
        if self.sessions.get(session.device) is session:
            del self.sessions[session.device]
            if code and not session.problems:
                session.problem(code)
            self.done.append(session.outcome())
            self.report.emit("session", **self.done[-1])
            self.wake.set()

    def handler(dms):
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = 600

            def log_message(self, *_):
                pass

            def body(self):
                if "chunked" not in self.headers.get("Transfer-Encoding", "").lower():
                    return self.rfile.read(int(self.headers.get("Content-Length") or 0))
                data = b""
                while True:
                    size = int(self.rfile.readline().split(b";")[0], 16)
                    data += self.rfile.read(size)
                    if not size:
                        while self.rfile.readline().strip():
                            pass
                        return data
                    self.rfile.readline()

            def do_POST(self):
                body = self.body()
                if self.path.split("?")[0] != "/dm":
                    return self.reply(404)
                with dms.lock:
                    code, data, mac, kind, ended = dms.post(body, self.headers.get("Content-Type") or "",
                                                            self.headers.get("x-syncml-hmac"))
                    try:
                        self.reply(code, data, mac, kind)
                    finally:
                        if ended:
                            dms.close(ended)

            def do_GET(self):
                name = self.path.split("?")[0]
                if not (dms.opt.files and name.startswith("/files/")):
                    return self.reply(404 if name != "/dm" else 405)
                path = os.path.join(dms.opt.files, os.path.basename(name))
                if not os.path.isfile(path):
                    return self.reply(404)
                with open(path, "rb") as f:
                    data = f.read()
                kind = "application/vnd.oma.dd+xml" if name.endswith(".dd") else "application/octet-stream"
                self.reply(200, data.replace(b"{files}", dms.url.rpartition("/")[0].encode() + b"/files")
                           if name.endswith(".dd") else data, None, kind)

            def reply(self, code, data=b"", mac=None, kind=""):
                self.send_response(code)
                if kind:
                    self.send_header("Content-Type", kind)
                if mac:
                    self.send_header("x-syncml-hmac", mac)
                self.send_header("Cache-Control", "private, no-store")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)
                self.wfile.flush()
        return Handler

    def result(self, stopped):
        bad = next((d for d in self.done if not d["ok"]), None)
        if not bad:
            job = self.job_problem()
            bad = job and {"code": job[0], "message": job[1]}
        if not bad and self.work.steps:
            bad = {"code": "script-left", "message": f"{len(self.work.steps)} steps"}
        if not bad and (self.sessions or not self.done):
            bad = {"code": stopped, "message": "a session was broken off" if self.sessions else "no session"}
        return self.report.result(not bad, bad["code"] if bad else "done", bad["message"] if bad else "",
                                  inventory=[{k: i[k] for k in ("id", "version", "state")} for i in self.inventory],
                                  inventoryAfter=self.after and [{k: i[k] for k in ("id", "version", "state")}
                                                                 for i in self.after],
                                  alerts=self.alerts, sessions=self.done, devInfo=self.dev_info,
                                  devDetail=self.dev_detail or None, read=self.read or None,
                                  script=self.work.done or None, delivery=self.delivery)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("--listen", default="127.0.0.1:0", help="HOST:PORT")
    add("--auth", choices=["none", "basic", "md5", "mac"], default="md5")
    add("--demand", choices=["none", "basic", "md5", "mac"], help="asked of the client, if not --auth")
    add("--user", default="handset")
    add("--password", default="handset-secret")
    add("--server-id", default="virtual-dms")
    add("--server-password", default="server-secret")
    add("--nonce", default="bm9uY2U=", help="first nonce of both ways, base64")
    add("--server-nonce", help="first nonce of the server's own credentials, if different")
    add("--package", help="file to deliver and install")
    add("--package-id", default="com.example.peer")
    add("--package-name", default="peer")
    add("--package-type", default="application/octet-stream")
    add("--correlator", default="peer-1")
    add("--script", help="JSON file: packages of commands {name, uri, data, file, format, type, source, correlator, "
        "alert, options, texts, commands} and tasks (dmswork.py), done first; what came of each is in the result")
    add("--files", help="folder whose files are at /files/NAME; `{files}` in NAME.dd becomes that address")
    add("--remove", help="ID of a deployed component to remove")
    add("--read", action="append", help="URI to Get as well (any number); its size and digest are in the result")
    add("--notification-out", help="file that gets a package 0 at start")
    add("--notification-session", type=lambda t: int(t, 16), default=0x1A2B, help="hexadecimal")
    add("--notification-nonce", choices=["stored", "zero", "ascii"], default="stored")
    add("--sessions", type=int, default=1, help="sessions before it exits (0: until SIGTERM)")
    add("--idle", type=float, default=0, help="end with code idle after so many seconds without a message")
    add("--max-message", type=int, default=65535, help="announced MaxMsgSize")
    add("--chunk", type=int, default=0, help="most characters or bytes of data in one message")
    add("--respuri", help="RespURI put into every message")
    add("--quirks", default="", help="comma list: raw-bin, devdetail, reread")
    add("--out", help="file that gets the result line")
    add("--dump", help="directory that gets every message body")
    opt = parser.parse_args()
    opt.quirks = [q for q in opt.quirks.split(",") if q]
    P.on_sigterm()
    report = Report(opt.dump, opt.out)
    dms = Dms(opt, report)
    stopped = "stopped"
    try:
        if opt.notification_out:
            nonce = {"stored": unb64(opt.server_nonce or opt.nonce), "zero": P.DEFAULT_NONCES[0],
                     "ascii": P.DEFAULT_NONCES[1]}[opt.notification_nonce]
            dms.extra_nonces = [nonce] if opt.notification_nonce != "stored" else []
            with open(opt.notification_out, "wb") as f:
                f.write(notification(opt.server_id, opt.server_password, nonce, opt.notification_session))
        host, port = P.host_port(opt.listen)
        server = ThreadingHTTPServer((host, port), dms.handler())
        server.daemon_threads = True
        dms.url = f"http://{host}:{server.server_address[1]}/dm"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        report.emit("listening", address=dms.url, pid=os.getpid())
        while not opt.sessions or len(dms.done) < opt.sessions:
            dms.wake.wait(0.2)
            dms.wake.clear()
            if opt.idle and time.monotonic() - dms.last_seen > opt.idle:
                stopped = "idle"
                break
        time.sleep(0.1)
    except Stopped:
        pass
    dms.lock.acquire(timeout=5)
    return dms.result(stopped)


if __name__ == "__main__":
    sys.exit(main())
