"""One session of the independent DM server: packages, statuses, large objects, authentication."""
import os
import re
from xml.sax.saxutils import unescape

import peerlib as P
from peerlib import E, M, T, Checker, PeerError, Prover, b64, unb64

FIRMWARE = "org.openmobilealliance.dm.firmwareupdate."
ALERT_TYPES = ("urn:oma:at:scomo:1.0:operationcomplete",
               "org.openmobilealliance.dm.softwarecomponent.operationcomplete",
               *(FIRMWARE + n for n in ("download", "update", "downloadandupdate", "userrequest", "devicerequest")))


class Command:
    """A command of the server, with what became of it."""

    def __init__(self, name, uri, data=None, form="", kind="", correlator="", raw=False):
        self.name, self.uri, self.data, self.form, self.kind = name, uri, data, form, kind
        self.correlator, self.raw, self.offset = correlator, raw, 0
        self.code, self.results, self.partial = None, {}, {}

    def xml(self, start=None, end=None, marker=None):
        """The whole command, or the part [start:end] of its data."""
        part, more, size = self.data, False, ""
        if start is not None:
            part, more = self.data[start:end], end < len(self.data)
            size = M("Size", len(self.data)) if start == 0 else ""
        meta = E("Meta", self.form and M("Format", self.form), self.kind and M("Type", self.kind), size) \
            if self.form or self.kind or size else ""
        if part is not None:
            part = T("Data", marker or (part if isinstance(part, str) else part.decode("latin-1")))
        item = E("Item", E("Target", T("LocURI", self.uri)), meta, part, "<MoreData/>" if more else "")
        return E(self.name, "<CmdID>@</CmdID>", self.correlator and T("Correlator", self.correlator), item)

    def text(self):
        return next(iter(self.results.values()), b"").decode("utf-8", "replace")

    def flat(self):
        """In the order of their CmdIDs."""
        return [self]

    def told(self):
        return {"name": self.name, "uri": self.uri, "code": self.code,
                **({"results": {u: v.decode("utf-8", "replace") for u, v in self.results.items()}}
                   if self.results else {})}


class Copied(Command):
    """Copy: Target and Source."""

    def __init__(self, source, target):
        super().__init__("Copy", target)
        self.source = source

    def xml(self, start=None, end=None, marker=None):
        return E("Copy", "<CmdID>@</CmdID>", E("Item", E("Target", T("LocURI", self.uri)),
                                               E("Source", T("LocURI", self.source))))


class Asked(Command):
    """A user alert: options, text, choices. The Items of its Status are its results."""

    def __init__(self, code, options, texts):
        super().__init__("Alert", str(code))
        self.texts = [options] + list(texts)

    def xml(self, start=None, end=None, marker=None):
        return E("Alert", "<CmdID>@</CmdID>", T("Data", self.uri),
                 *(E("Item", T("Data", t) if t else "") for t in self.texts))


class Group(Command):
    """Atomic or Sequence."""

    def __init__(self, name, commands):
        super().__init__(name, "")
        self.commands = commands

    def xml(self, start=None, end=None, marker=None):
        return E(self.name, "<CmdID>@</CmdID>", *(c.xml() for c in self.commands))

    def flat(self):
        return [self] + [x for c in self.commands for x in c.flat()]

    def told(self):
        return {"name": self.name, "code": self.code, "commands": [c.told() for c in self.commands]}


def written(entry):
    """A command as a script file has it."""
    name = entry["name"]
    if name in ("Atomic", "Sequence"):
        return Group(name, [written(e) for e in entry["commands"]])
    if name == "Copy":
        return Copied(entry["source"], entry["uri"])
    if name == "Alert":
        return Asked(entry["alert"], entry.get("options", ""), entry["texts"])
    data = entry.get("data")
    if "file" in entry:
        with open(entry["file"], "rb") as f:
            data = b64(f.read())
    form = entry.get("format", "b64" if "file" in entry else "chr" if "data" in entry else
                     "node" if name == "Add" else "")
    return Command(name, entry["uri"], data, form, entry.get("type", ""), entry.get("correlator", ""))


class Session:
    def __init__(self, dms, device, ident, encoding):
        opt, store = dms.opt, dms.store(device)
        self.dms, self.opt, self.device, self.ident, self.encoding = dms, opt, device, ident, encoding
        self.store = store
        self.me = Prover(opt.auth, opt.server_id, opt.server_password, store["mine"])
        self.peer = Checker(opt.demand or opt.auth, opt.user, opt.password, [store["theirs"]] + dms.extra_nonces)
        if dms.extra_nonces:
            self.me.nonce = dms.extra_nonces[0]
        self.msg_id = self.client_msg = 0
        self.queue, self.sent, self.package, self.statuses = [], {}, [], []
        self.limit, self.over, self.problems = 65535, False, []
        self.last_in = self.last_out = None
        self.script = self.started = None
        self.closed = True          # my last package ended with Final
        self.dev_info = {}

    def problem(self, code, message=""):
        self.problems.append({"code": code, "message": message})
        self.dms.report.emit("problem", code=code, message=message)

    # -- incoming -------------------------------------------------------------------------------
    def handle(self, body, hmac):
        if body == self.last_in:
            return self.last_out
        msg = P.parse(body, self.encoding)
        head, kids = msg.get("SyncHdr"), msg.get("SyncBody").kids
        number = head.num("MsgID")
        if number is None or number <= self.client_msg:
            raise PeerError("msgid-wrong", f"{head.val('MsgID')} after {self.client_msg}")
        if number != self.client_msg + 1:
            self.problem("msgid-gap", f"{number} after {self.client_msg}")
        self.client_msg, self.statuses = number, []
        final = any(k.name == "Final" for k in kids)
        commands = [k for k in kids if k.name not in ("Status", "Final")]
        self.limit = min(head.num("Meta/MaxMsgSize", self.limit), 65535)
        code, supported = 200, ""
        if head.val("VerDTD") != "1.2":
            code, supported = 505, "1.2"
        elif head.val("VerProto") != "DM/1.2":
            code, supported = 513, "DM/1.2"
        else:
            code = self.peer.check(head, body, hmac)
        chal = self.peer.verdict(code) if code < 500 else ""
        trusted = code in (200, 212)
        self.statuses.append(P.status(number, 0, "SyncHdr", code, head.val("Target/LocURI"),
                                      head.val("Source/LocURI"), chal,
                                      supported and E("Item", T("Data", supported))))
        again = self.read_statuses([k for k in kids if k.name == "Status"], trusted)
        if trusted:
            self.store["mine"] = self.me.stored
        if not trusted:
            for c in commands:
                if c.name != "Results":
                    self.statuses.append(P.status(number, c.val("CmdID"), c.name, code))
            if not chal:
                self.end("client-not-authenticated" if code in (401, 407) else "version", str(code))
            return self.answer(body, [], True)
        if self.peer.next:
            self.store["theirs"] = self.peer.next
        for c in commands:
            self.command(c, number)
        if self.over:
            return self.answer(body, [], True)
        if self.started is None:
            self.begin(commands)
        if again:
            self.requeue()
        elif self.queue or self.closed and not final:
            pass
        elif final or not self.closed:
            self.advance()
        if self.closed and not final and not self.queue:
            return self.answer(body, [E("Alert", "<CmdID>@</CmdID>", T("Data", 1222))], False)
        return self.answer(body, None, True)

    def begin(self, commands):
        alerts = [c.num("Data") for c in commands if c.name == "Alert"]
        self.started = next((a for a in alerts if a in (1200, 1201)), 0)
        if not self.started:
            self.problem("package1-alert-missing")
        missing = [n for n in ("DevId", "Man", "Mod", "DmV", "Lang") if n not in self.dev_info]
        if missing:
            self.problem("devinfo-incomplete", " ".join(missing))
        self.script = self.dms.script(self)
        self.queue = self.package = next(self.script, [])
        self.queue = list(self.queue)

    def advance(self):
        """The client closed its package: every command must have its Status now."""
        for cmd in (x for top in self.package for x in top.flat()):
            if cmd.code is None or cmd.code == 213:
                self.problem("status-missing", f"{cmd.name} {cmd.uri}")
            elif cmd.name == "Get" and cmd.code == 200 and not cmd.results:
                self.problem("results-missing", cmd.uri)
        try:
            self.package = self.script.send(self.package)
        except StopIteration:
            self.package = []
        self.sent, self.queue = {}, list(self.package)

    def requeue(self):
        refused = [c for c in self.package if c.code in (401, 407) or (c.code is None and c not in self.queue)]
        for cmd in (x for top in refused for x in top.flat()):
            cmd.code, cmd.offset = None, 0
        self.queue = refused + [c for c in self.queue if c not in refused]

    def read_statuses(self, found, trusted):
        again = seen = False
        for st in found:
            ref, cid, code = st.num("MsgRef"), st.num("CmdRef", 0), st.num("Data", 500)
            if cid == 0 or st.val("Cmd") == "SyncHdr":
                seen = True
                if ref != self.msg_id:
                    self.problem("msgref-wrong", f"SyncHdr {st.val('MsgRef')} instead of {self.msg_id}")
                try:
                    again = self.me.on_header_status(code, st.get("Chal"), trusted)
                except PeerError as e:
                    self.end(e.code, e.message)
                    continue
                if code // 100 != 2 and not again:
                    self.problem("header-refused", str(code))
                continue
            cmd = self.sent.get((ref, cid))
            if not cmd:
                self.problem("msgref-wrong", f"Status for message {ref} command {cid}, never sent")
            elif cmd == "Alert":
                continue
            elif st.val("Cmd") != cmd.name:
                self.problem("status-cmd-wrong", f"{st.val('Cmd')} instead of {cmd.name}")
            else:
                cmd.code = code
                items = [i.val("Data") for i in st.all("Item")]
                if cmd.name == "Alert" and items:
                    cmd.results = {str(n): v.encode() for n, v in enumerate(items, 1)}
                if cmd in self.queue and code != 213:
                    if code not in (401, 407):
                        self.queue.remove(cmd)
                    cmd.offset = 0
        if self.msg_id and not seen:
            self.problem("status-missing", "SyncHdr")
        return again

    def command(self, c, number):
        code = 200
        if c.name == "Alert":
            code = self.alert(c)
        elif c.name == "Replace":
            for item in c.all("Item"):
                uri, data = item.val("Source/LocURI") or item.val("Target/LocURI"), item.get("Data")
                if not re.match(r"(\./)?DevInfo(/|$)", uri):
                    code = 405
                elif data and (item.val("Meta/Format") or c.val("Meta/Format")).lower() != "node":
                    self.dev_info[uri.split("DevInfo/", 1)[-1]] = data.text
        elif c.name == "Results":
            return self.results(c, number)
        else:
            self.problem("command-in-wrong-role", c.name)
            code = 405
        self.statuses.append(P.status(number, c.val("CmdID"), c.name, code))

    def alert(self, c):
        kind = c.num("Data")
        if kind == 1223:
            self.end("aborted-by-client")
        elif kind == 1225:
            self.problem("large-object-broken", "Alert 1225")
            if self.queue and self.queue[0].offset:
                self.queue.pop(0).code = 500
        elif kind == 1226:
            return self.generic_alert(c)
        elif kind not in (1200, 1201, 1222, 1224):
            return 406
        return 200

    def generic_alert(self, c):
        work, told = self.dms.work, []
        for item in c.all("Item"):
            kind = re.sub(r"^(reversed-domain-name|content-type):\s*", "", item.val("Meta/Type"), flags=re.I)
            if kind.lower() not in ALERT_TYPES:
                return 415
            text = item.val("Data")
            code = re.search(r"<ResultCode>\s*(\d+)\s*</ResultCode>", text) or re.fullmatch(r"\s*(\d+)\s*", text)
            ident = re.search(r"<Identifier>(.*?)</Identifier>", text, re.S)
            told.append({"resultCode": int(code.group(1)) if code else None, "type": kind,
                         "uri": item.val("Source/LocURI"), "correlator": c.val("Correlator") or None,
                         "target": item.val("Target/LocURI"), "mark": item.val("Meta/Mark") or None,
                         "format": item.val("Meta/Format") or None, "session": self.ident,
                         "identifier": unescape(ident.group(1)) if ident else None})
        refused = work.refuse > 0
        work.refuse -= refused
        self.dms.alerts += [{**t, "refused": True} for t in told] if refused else told
        return 500 if refused else 200

    def results(self, c, number):
        cmd = self.sent.get((c.num("MsgRef", 1), c.num("CmdRef")))
        if not cmd or cmd == "Alert" or cmd.name != "Get":
            return self.problem("results-unexpected", f"{c.val('MsgRef')}/{c.val('CmdRef')}")
        for item in c.all("Item"):
            uri, data = item.val("Source/LocURI") or cmd.uri, item.get("Data")
            part = cmd.partial.setdefault(uri, {"data": b"", "size": item.num("Meta/Size")})
            part["data"] += data.data if data else b""
            if item.get("MoreData"):
                self.statuses.append(P.status(number, c.val("CmdID"), "Results", 213))
                continue
            value, size = part["data"], part["size"]
            del cmd.partial[uri]
            if size is not None and size != len(value):
                self.problem("size-mismatch", f"{uri}: {len(value)} instead of {size}")
                self.statuses.append(P.status(number, c.val("CmdID"), "Results", 424))
            if (item.val("Meta/Format") or c.val("Meta/Format")).lower() == "b64":
                value = unb64(value) or b""
            cmd.results[uri] = value

    def end(self, code, message=""):
        self.problem(code, message)
        self.over = True
        self.queue = []

    # -- outgoing ---------------------------------------------------------------------------------
    def build(self, commands, final, raw=None):
        opt = self.opt
        name = T("LocName", self.me.name) if self.me.kind != "none" else ""
        head = E("SyncHdr", T("VerDTD", "1.2"), T("VerProto", "DM/1.2"), T("SessionID", self.ident),
                 T("MsgID", self.msg_id), E("Target", T("LocURI", self.device)),
                 E("Source", T("LocURI", self.dms.url), name), opt.respuri and T("RespURI", opt.respuri),
                 self.me.cred(), E("Meta", M("MaxMsgSize", opt.max_message), M("MaxObjSize", 16 * 1024 * 1024)))
        return P.encode(P.document(head, self.statuses + commands, final), self.encoding, raw)

    def answer(self, request, fixed, final):
        """fixed: the commands to send as they are; None: what the queue holds, as much as fits."""
        self.msg_id += 1
        if fixed is not None:
            xmls, refs, raw = fixed, ["Alert"] * len(fixed), {}
        else:
            xmls, refs, raw = self.fill()
            if self.queue and not refs:
                raise PeerError("message-does-not-fit", f"limit {self.limit}, {self.queue[0].name}")
            final = not self.queue
            self.over = self.over or not xmls
        body = self.build(xmls, final, raw)
        if len(body) > self.limit:
            self.problem("message-does-not-fit", f"{len(body)} > {self.limit}")
        for n, ref in enumerate(refs, len(self.statuses) + 1):
            self.sent[self.msg_id, n] = ref
        self.closed = final or fixed is not None and self.closed
        self.last_in = request
        self.last_out = body, self.me.hmac(body), self.over
        return self.last_out

    def fill(self):
        """Takes commands from the queue until the message is full: (XML texts, commands, raw values)."""
        xmls, refs, raw = [], [], {}
        while self.queue:
            cmd, end = self.queue[0], None
            size = len(cmd.data or "") - cmd.offset
            room = min(self.opt.chunk or size, size)
            whole = cmd.offset == 0 and room == size and size <= self.limit
            room = min(room, self.limit)
            while True:
                marker = f"RAW{os.urandom(8).hex()}" if cmd.raw and self.encoding == "wbxml" else None
                if not whole:
                    end = cmd.offset + room
                    end -= end % 4 if end < len(cmd.data) and not marker else 0
                    if end <= cmd.offset:
                        return xmls, refs, raw
                xml = cmd.xml(None if whole else cmd.offset, end, marker)
                more = {**raw, marker: cmd.data[cmd.offset:end]} if marker else raw
                excess = len(self.build(xmls + [xml], True, more)) - self.limit
                if excess <= 0:
                    break
                if whole and not (cmd.data and cmd.name in ("Add", "Replace")):
                    return xmls, refs, raw
                whole, room = False, room - max(1, excess)
            xmls, refs, raw = xmls + [xml], refs + [cmd], more
            if whole or end == len(cmd.data):
                self.queue.pop(0)
                refs = refs[:-1] + cmd.flat()
            else:
                cmd.offset = end
                break
        return xmls, refs, raw

    def outcome(self):
        bad = self.problems[0] if self.problems else None
        return {"ok": not bad, "code": bad["code"] if bad else "done", "message": bad["message"] if bad else "",
                "session": self.ident, "device": self.device, "startedBy": self.started}
