"""The OMA DM 1.2 client engine of the independent peers: session, authentication, commands."""
from urllib.parse import urljoin

import peerlib as P
from peerlib import E, M, T, Checker, PeerError, Prover, unb64


class Client:
    """One DM client; begin() starts a session, message() and receive() alternate."""

    def __init__(self, opt, report, tree):
        self.opt, self.report, self.tree = opt, report, tree
        self.content_type = self.accept = P.TYPES[opt.encoding]
        self.http_headers = {}
        self.mine, self.theirs = unb64(opt.nonce), unb64(opt.server_nonce or opt.nonce)
        self.alerts, self.jobs, self.device = [], [], f"IMEI:{opt.imei}"
        self.going_down = self.rebooted = False
        self.out, self.over, self.problems, self.session = [], True, [], ""

    # -- session --------------------------------------------------------------------------------
    def begin(self, session, alert, url, default_nonce=None):
        opt = self.opt
        self.session, self.url = session, url
        self.me = Prover(opt.auth, opt.user, opt.password, default_nonce or self.mine)
        self.peer = Checker(opt.demand or opt.auth, opt.server_id, opt.server_password,
                            [self.theirs] + ([default_nonce] if default_nonce else []))
        self.msg_id = self.server_msg = 0
        self.out, self.waiting, self.answered, self.problems = [], {}, {}, []
        self.over, self.may_close, self.chunk, self.limit, self.left = False, True, None, 65535, []
        self.add("Alert", E("Alert", "<CmdID>@</CmdID>", T("Data", alert)))
        for finish, correlator in self.jobs:        # what was ordered in an earlier session is done now
            self.told(finish(), correlator)
        self.jobs = []
        for pending in self.alerts:
            self.add("Alert", pending["xml"], pending)
        self.add("Replace", self.dev_info())

    def dev_info(self):
        items = [E("Item", E("Source", T("LocURI", f"./DevInfo/{n}")), T("Data", self.tree.text(f"./DevInfo/{n}")))
                 for n in self.tree.children("./DevInfo")]
        return E("Replace", "<CmdID>@</CmdID>", *items)

    def add(self, name, xml, pending=None):
        self.out.append({"name": name, "xml": xml, "pending": pending})

    def problem(self, code, message=""):
        self.problems.append({"code": code, "message": message})
        self.report.emit("problem", code=code, message=message)

    def arrange(self, entries):
        return entries

    def finish_xml(self, xml):
        return xml

    def build(self, entries, final):
        name = T("LocName", self.me.name) if self.me.kind != "none" else ""
        head = E("SyncHdr", T("VerDTD", "1.2"), T("VerProto", "DM/1.2"), T("SessionID", self.session),
                 T("MsgID", self.msg_id), E("Target", T("LocURI", self.url)),
                 E("Source", T("LocURI", self.device), name), self.me.cred(),
                 E("Meta", M("MaxMsgSize", self.opt.max_message), M("MaxObjSize", self.opt.max_object)))
        xml = P.document(head, [e["xml"] for e in entries], final)
        return P.encode(self.finish_xml(xml), self.opt.encoding)

    def message(self):
        """The next message: (body, x-syncml-hmac or None)."""
        self.msg_id += 1
        count = next((n for n, e in enumerate(self.out, 1) if e.get("last")), len(self.out))
        while True:
            body = self.build(self.out[:count], self.may_close and count == len(self.out))
            if len(body) <= self.limit or count == 1:
                break
            count -= max(1, count // 5)
        left = self.out[count:]
        if len(body) > self.limit or left and left == self.left:
            raise PeerError("message-does-not-fit", f"limit {self.limit}")
        self.left = left
        for number, entry in enumerate(self.out[:count], 1):
            if entry["name"] in ("Alert", "Replace"):
                self.waiting[self.msg_id, number] = entry
            elif entry["name"] == "Results":        # a Status for it is allowed, not required
                self.answered[self.msg_id, number] = {**entry, "code": 200}
        self.out = left
        self.report.message("to-dms", body, self.content_type)
        return body, self.me.hmac(body)

    def fail(self, code, message=""):
        self.problem(code, message)
        self.out, self.over = [], True

    def receive(self, body, hmac, content_type):
        self.report.message("to-handset", body, content_type)
        if P.encoding_of(content_type) != self.opt.encoding:
            raise PeerError("wrong-content-type", content_type)
        if len(body) > self.opt.max_message:
            raise PeerError("message-too-long", f"{len(body)} > {self.opt.max_message}")
        msg = P.parse(body, self.opt.encoding)
        head, kids = msg.get("SyncHdr"), msg.get("SyncBody").kids
        final = any(k.name == "Final" for k in kids)
        commands = [k for k in kids if k.name not in ("Status", "Final")]
        number = head.num("MsgID")
        if head.val("SessionID") != self.session:
            raise PeerError("session-id-wrong", head.val("SessionID"))
        if number is not None and number <= self.server_msg:
            raise PeerError("msgid-wrong", f"{number} after {self.server_msg}")
        if number != self.server_msg + 1:
            self.problem("msgid-gap", f"{number} after {self.server_msg}")
        self.server_msg = number or self.server_msg + 1
        if self.peer.next and self.peer.accepted:
            self.theirs = self.peer.next
        again, rest = False, self.out
        self.out = []
        code, supported = self.header_code(head)
        if code == 200:
            code = self.peer.check(head, body, hmac)
        trusted = code in (200, 212)
        challenged, seen_header = False, False
        for st in (k for k in kids if k.name == "Status"):
            if st.num("CmdRef", 0) == 0 or st.val("Cmd") == "SyncHdr":
                seen_header = True
                if st.num("MsgRef") != self.msg_id:
                    self.problem("msgref-wrong", f"SyncHdr {st.val('MsgRef')} instead of {self.msg_id}")
                value = st.num("Data", 500)
                challenged = value in (401, 407) and bool(st.get("Chal"))
                again = self.me.on_header_status(value, st.get("Chal"), trusted)
                if value // 100 != 2 and not again:
                    self.problem("header-refused", str(value))
            else:
                self.command_status(st)
        if not seen_header:
            self.problem("status-missing", "SyncHdr")
        self.limit = min(head.num("Meta/MaxMsgSize", 65535), 65535)
        url = head.val("RespURI")
        if url and trusted:
            self.url = urljoin(self.url, url)
        chal = self.peer.verdict(code) if code in (200, 212, 401, 407) else ""
        self.add("Status", P.status(head.val("MsgID"), 0, "SyncHdr", code, head.val("Target/LocURI"),
                                    head.val("Source/LocURI"), chal,
                                    supported and E("Item", T("Data", supported))))
        if not trusted:
            return self.refuse(code, chal, commands, challenged, again, rest)
        aborted = any(c.name == "Alert" and c.num("Data") == 1223 for c in commands)
        if aborted:
            return self.fail("aborted-by-server")
        if not again and final:
            self.expect_all(rest)
        self.tail, self.refs = [], head.val("MsgID")
        for cmd in commands:
            self.run(cmd, final)
        if self.chunk and final:
            self.break_chunk()
        self.finish_receive(final, commands, again, rest)

    def header_code(self, head):
        if head.val("VerDTD") != "1.2":
            return 505, "1.2"
        if head.val("VerProto") != "DM/1.2":
            return 513, "DM/1.2"
        size = head.get("Meta/MaxMsgSize")
        if head.num("MsgID") is None or not head.val("Target/LocURI") or (size and not size.text.isdigit()):
            return 412, ""
        return (200, "") if head.val("Target/LocURI") == self.device else (404, "")

    def finish_receive(self, final, commands, again, rest):
        if again:
            known = [e for e in self.answered.values() if e["name"] != "Results"]
            resend = [e for e in known if e["code"] in (401, 407)] or known + list(self.waiting.values())
            self.waiting.clear()
            self.answered.clear()
            self.out += [{k: e[k] for k in ("name", "xml", "pending")} for e in resend]
        if not final and not rest and not any(e["name"] == "Results" for e in self.out):
            self.add("Alert", E("Alert", "<CmdID>@</CmdID>", T("Data", 1222)))
        if not rest:
            self.may_close = final or again
        self.out = self.arrange(self.out) + self.tail + rest
        if len(self.out) == 1 and final and not commands and not again:
            self.out, self.over = [], True

    def refuse(self, code, chal, commands, challenged, again, rest):
        """The server's message is not accepted: nothing is executed."""
        if not commands and not challenged:
            return self.fail("server-not-authenticated", f"status {code}, nothing to say")
        for c in self.flat(commands):
            self.add("Status", P.status(self.server_msg, c.val("CmdID"), c.name, code))
        if not chal:
            self.problem("server-not-authenticated" if code in (401, 407) else "header-wrong", str(code))
            self.add("Alert", E("Alert", "<CmdID>@</CmdID>", T("Data", 1223)))
            self.may_close = self.over = True
            return
        self.tail = []
        self.finish_receive(True, commands, again, rest)

    def flat(self, commands):
        for c in commands:
            yield c
            if c.name in ("Sequence", "Atomic"):
                yield from self.flat([k for k in c.kids if k.get("CmdID")])

    def command_status(self, st):
        key = st.num("MsgRef"), st.num("CmdRef")
        entry = self.waiting.pop(key, None) or self.answered.get(key)
        code = st.num("Data", 500)
        if not entry:
            return self.problem("msgref-wrong", f"Status for {key}, which was never sent or not due")
        if st.val("Cmd") != entry["name"]:
            self.problem("status-cmd-wrong", f"{st.val('Cmd')} instead of {entry['name']}")
        entry["code"] = code
        self.answered[key] = entry
        if code in (200, 202) and entry["pending"] in self.alerts:
            self.alerts.remove(entry["pending"])
        elif code // 100 != 2 and code not in (401, 407):
            self.problem("command-refused", f"{entry['name']} {code}")

    def expect_all(self, rest):
        for (msg, cid), entry in self.waiting.items():
            self.problem("status-missing", f"{entry['name']} {msg}/{cid}")
        self.waiting.clear()

    # -- commands -------------------------------------------------------------------------------
    def run(self, c, final):
        cid = c.val("CmdID")
        if not cid or cid == "0":
            return self.add("Status", P.status(self.refs, "", c.name, 400))
        if c.name in ("Sequence", "Atomic"):
            return self.block(c, cid, final)
        self.answer(c, cid, *self.perform(c, final))

    def answer(self, c, cid, done, results):
        same = len({code for code, _ in done}) == 1
        for code, uri in done[:1] if same else done:
            self.add("Status", P.status(self.refs, cid, c.name, code, uri if len(done) == 1 or not same else ""))
        if not results:
            return
        head = "<CmdID>@</CmdID>", T("MsgRef", self.refs), T("CmdRef", cid)
        value = results[0][3] if len(results) == 1 else None
        room = max(64, (self.limit - 1600) // 4 * 4)
        if value is None or len(value) * 4 // 3 <= room:
            return self.add_results(head, [self.result_item(*r) for r in results], room)
        uri, form, kind, value = results[0]         # a large object of ours, cut into messages
        text = P.b64(value) if form == "bin" else value.decode()
        for at in range(0, len(text), room):
            more = at + room < len(text)
            meta = E("Meta", M("Format", "b64" if form == "bin" else form), M("Type", kind),
                     M("Size", len(text.encode())) if at == 0 else "")
            self.add("Results", E("Results", *head, E("Item", E("Source", T("LocURI", uri)), meta, T(
                "Data", text[at:at + room]), "<MoreData/>" if more else "")))
            self.out[-1]["last"] = more

    def add_results(self, head, items, room):
        """One Results; more of them where one would be longer than a message."""
        while items:
            count = size = 0
            while count < len(items) and (not count or size + len(items[count]) <= room):
                size += len(items[count])
                count += 1
            self.add("Results", E("Results", *head, *items[:count]))
            items = items[count:]

    def block(self, c, cid, final):
        kids = [k for k in c.kids if k.name not in ("CmdID", "Meta", "NoResp")]
        saved, tail, outcome = self.tree.snapshot(), list(self.tail), []
        for k in kids:
            banned = c.name == "Atomic" and k.name in ("Get", "Exec", "Atomic", "Sequence")
            stop = c.name == "Atomic" and any(o[0][0][0] >= 300 for o in outcome)
            outcome.append(([(500, "")], []) if banned and not stop else ([(215, "")], []) if stop
                           else self.perform(k, final))
        code = 200
        if c.name == "Atomic" and any(o[0][0][0] >= 300 for o in outcome):
            self.tree.restore(saved)
            self.tail, code = tail, 507
            outcome = [([(216, u) for _, u in o], r) if o[0][0] == 200 else (o, r) for o, r in outcome]
        self.add("Status", P.status(self.refs, cid, c.name, code))
        for k, (done, results) in zip(kids, outcome):
            self.answer(k, k.val("CmdID"), done, results)

    def perform(self, c, final):
        """([(status, URI)], [(URI, format, type, value)])"""
        items, done, results = c.all("Item"), [], []
        if c.name == "Alert":
            answer = 304 if self.opt.user_says == "no" else 200
            return [({1222: 200, 1100: 200, 1101: answer}.get(c.num("Data"), 406), "")], []
        if c.name not in ("Add", "Replace", "Delete", "Get", "Exec", "Copy"):
            return [(400, "")], []
        if not items:
            return [(412, "")], []
        for item in items:
            uri = item.val("Target/LocURI")
            if self.chunk and (self.chunk["uri"], self.chunk["name"]) != (uri, c.name):
                self.break_chunk()
            if c.name == "Get":
                code, values = self.tree.get(uri)
                results += values
            elif c.name == "Delete":
                code = self.tree.delete(uri)
            elif c.name == "Copy":
                code = self.tree.copy(item.val("Source/LocURI"), uri)
            elif c.name == "Exec":
                code, finish = self.tree.execute(uri)
                if finish:
                    code = self.ordered(finish, c.val("Correlator"))
            else:
                code = self.put(c, item, uri, final)
            done.append((code, uri))
        return done, results

    @staticmethod
    def result_item(uri, form, kind, value):
        text = None if value is None else P.b64(value) if form == "bin" else value.decode()
        return E("Item", E("Source", T("LocURI", uri)),
                 E("Meta", M("Format", "b64" if form == "bin" else form), M("Type", kind) if kind else ""),
                 T("Data", text) if text else "<Data/>" if text == "" else "")

    def put(self, c, item, uri, final):
        def meta(name):
            return (item.val(f"Meta/{name}") or c.val(f"Meta/{name}"))
        data, more = item.get("Data"), item.get("MoreData")
        raw = data.data if data else None
        size = int(meta("Size")) if meta("Size").isdigit() else None
        chunk = self.chunk
        if more and not chunk:
            if size is None:
                return 411
            if size > self.opt.max_object:
                return 413
            chunk = self.chunk = {"uri": uri, "name": c.name, "size": size, "form": meta("Format"),
                                  "type": meta("Type"), "data": b""}
        if chunk:
            chunk["data"] += raw or b""
            if more:
                return 213
            self.chunk = None
            raw, size = chunk["data"], chunk["size"]
        if size is not None and len(raw or b"") != size:
            self.problem("size-mismatch", f"{uri}: {len(raw or b'')} instead of {size}")
            return 424
        form, kind = (chunk["form"], chunk["type"]) if chunk else (meta("Format"), meta("Type"))
        return self.tree.put(c.name, uri, form, kind, raw)

    def break_chunk(self):
        self.problem("large-object-broken", self.chunk["uri"])
        self.tail.append({"name": "Alert", "pending": None, "xml": E(
            "Alert", "<CmdID>@</CmdID>", T("Data", 1225),
            E("Item", E("Target", T("LocURI", self.chunk["uri"]))))})
        self.chunk = None

    def ordered(self, finish, correlator):
        """An operation was accepted: its Status. The alert comes with it, before it, or in the next session."""
        opt = self.opt
        if opt.late_alert or "reboots" in opt.variant and not self.rebooted:
            self.jobs.append((finish, correlator))
            self.going_down = "reboots" in opt.variant
            return 202
        alert = finish()
        if "sync" in opt.variant:
            return 200 if alert["ok"] else 500
        pending = self.told(alert, correlator)
        entry = {"name": "Alert", "xml": pending["xml"], "pending": pending}
        times = 10 if "ten-times" in opt.variant else 1
        (self.out if "alert-first" in opt.variant else self.tail).extend(dict(entry) for _ in range(times))
        return 202

    def reboot(self):
        """The session is lost without a word; what was ordered is done before the next one."""
        self.report.emit("reboot", session=self.session)
        self.going_down, self.rebooted = False, True
        self.out, self.over = [], True

    def told(self, alert, correlator=""):
        """An alert that is repeated until the server has taken it."""
        items = [E("Item", i["target"] and E("Target", T("LocURI", i["target"])),
                   i["source"] and E("Source", T("LocURI", i["source"])),
                   E("Meta", M("Format", alert["format"]), M("Type", alert["type"]), M("Mark", alert["mark"])),
                   f"<Data><![CDATA[{i['data']}]]></Data>" if "cdata" in self.opt.variant else T("Data", i["data"]))
                 for i in alert["items"]]
        xml = E("Alert", "<CmdID>@</CmdID>", T("Data", 1226), correlator and T("Correlator", correlator), *items)
        self.alerts.append({"xml": xml, "result": alert["result"]})
        return self.alerts[-1]

    def outcome(self):
        bad = self.problems[0] if self.problems else None
        if not bad and not self.over:
            bad = {"code": "session-incomplete", "message": "the session did not end"}
        return {"ok": not bad, "code": bad["code"] if bad else "done", "message": bad["message"] if bad else "",
                "session": self.session}
