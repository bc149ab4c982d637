#!/usr/bin/env python3
"""A virtual handset (OMA DM 1.2 client) over OBEX/TCP or HTTP, written from the sheets alone."""
import argparse, http.client, random, select, socket, sys
from urllib.parse import urlsplit

sys.dont_write_bytecode = True
import peerlib as P
import peerobex as O
from devtree import Tree
from dmclient import Client
from handsetobex import serve
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
        if client.going_down:
            client.reboot()
        elif farewell:
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
    add("--install-result", type=int, help="result code of every SCOMO operation instead of doing it")
    add("--update-result", type=int, help="result code of every firmware update instead of doing it")
    add("--variant", type=lambda t: t.split(","), default=[], help="comma list of what standards allow or devices do: "
        "sync (final Status, no alert), alert-first (alert before the Status), cdata, reboots (with --http: the first operation "
        "ends the session, and is done before the next one), no-list (?list= is refused), "
        "ten-times (each alert), stray (alerts of operations that nobody ordered), and those of scomo_object.py, fumo_object.py")
    add("--components", type=int, default=0, help="so many more components are installed at the start")
    add("--ask", choices=["user", "device"], help="asks for a firmware update in package 1 of the first session")
    add("--user-says", choices=["yes", "no"], default="yes", help="answer to alert 1101")
    add("--scomo-root", default="./SCM")
    add("--fumo-root", default="./FwUpdate/Package1")
    add("--out", help="file that gets the result line")
    add("--dump", help="directory that gets every message body")


def conduct(opt, make, one, listen=None):
    """Runs the sessions, prints the result, returns the exit code."""
    P.on_sigterm()
    report = Report(opt.dump, opt.out)
    tree = Tree(opt.imei, opt.model, opt.scomo_root, opt.fumo_root, opt.variant)
    tree.scomo.force_result, tree.fumo.force_result = opt.install_result, opt.update_result
    for n in range(1, opt.components + 1):
        tree.scomo.component(f"part{n:03}", f"com.example.part.{n:03}", f"1.{n}", f"Part <{n}> & \u00e9", "com.example.parts",
                             bool(n % 3))
    tree.who = opt.server_id
    for entry in opt.acl:
        uri, _, value = entry.partition("=")
        tree.acl[uri] = value
    if opt.blob:
        tree.leaf("./DevDetail/Ext/Blob", bytes(n * n % 251 for n in range(opt.blob)), "bin", "application/octet-stream")
    client, done, stopped = make(opt, report, tree), [], False
    if opt.ask:
        client.told(tree.fumo.request(opt.ask))
    if "stray" in opt.variant:
        clock = f"{tree.scomo.deployed}/clock"
        for result in (1200, 1405, 99999):
            client.told(tree.scomo.alert(f"{clock}/Operations/Remove", result, [(clock, "com.example.clock")]), "never")
        client.told(tree.fumo.alert(f"{tree.fumo.root}/Update", "Update", 999), "never")

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
                         sessions=done, installed=tree.scomo.installed(), deployed=tree.scomo.components(),
                         delivered=tree.scomo.packages(), firmware={
                             "version": tree.text("./DevDetail/FwV"), "states": tree.fumo.seen},
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
