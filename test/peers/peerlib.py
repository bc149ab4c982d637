"""Shared parts of the independent peers: events, authentication, SyncML XML, WBXML.

Written from the standards sheets alone; shares no code with the product.
"""
import base64, hashlib, json, os, re, signal, subprocess, sys, time
import xml.etree.ElementTree as ET
from xml.sax.saxutils import escape

TYPES = {"wbxml": "application/vnd.syncml.dm+wbxml", "xml": "application/vnd.syncml.dm+xml"}
NOTIFICATION = "application/vnd.syncml.notification"
DEFAULT_NONCES = [b"\0\0\0\0", b"0x00000000"]
AUTH_URN = {"basic": "syncml:auth-basic", "md5": "syncml:auth-md5", "mac": "syncml:auth-mac"}


class PeerError(Exception):
    """A failure with a stable code."""

    def __init__(self, code, message=""):
        super().__init__(f"{code}: {message}")
        self.code, self.message = code, message


class Stopped(BaseException):
    pass


class Report:
    """One JSON line per event on standard output."""

    def __init__(self, dump=None, out=None):
        self.dump, self.out, self.count = dump, out, 0
        if dump:
            os.makedirs(dump, exist_ok=True)

    def emit(self, kind, **fields):
        fields = {k: v for k, v in fields.items() if v is not None}
        stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        line = json.dumps({"type": kind, "time": stamp, **fields})
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
        return line

    def message(self, direction, body, content_type):
        self.count += 1
        self.emit("message", direction=direction, bytes=len(body),
                  sha256=hashlib.sha256(body).hexdigest(), contentType=content_type)
        if self.dump:
            ext = "xml" if sniff(body) == "xml" else "wbxml"
            with open(os.path.join(self.dump, f"{self.count:04d}-{direction}.{ext}"), "wb") as f:
                f.write(body)

    def result(self, ok, code, message="", **more):
        line = self.emit("result", ok=bool(ok), code=code, message=message, **more)
        if self.out:
            with open(self.out, "w") as f:
                f.write(line + "\n")
        return 0 if ok else 1


def on_sigterm():
    def stop(*_):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        raise Stopped()
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)


def host_port(text):
    text = text[4:] if text.startswith("tcp:") else text
    host, _, port = text.rpartition(":")
    return host.strip("[]") or "127.0.0.1", int(port)


# ---- authentication ---------------------------------------------------------------------------

def b64(raw):
    return base64.b64encode(raw).decode()


def unb64(text):
    text = text.encode() if isinstance(text, str) else text
    text = b"".join(text.split())
    try:
        return base64.b64decode(text + b"=" * (-len(text) % 4), validate=True)
    except ValueError:
        return None


def md5(raw):
    return hashlib.md5(raw).digest()


def digest(name, password, nonce, body=None):
    """The raw 16 bytes of auth-md5, auth-MAC and of a notification (body = the signed bytes)."""
    raw = b64(md5(f"{name}:{password}".encode())).encode() + b":" + nonce
    return md5(raw if body is None else raw + b":" + b64(md5(body)).encode())


def hmac_parse(text):
    text = re.sub(r"^\s*x-syncml-hmac\s*:", "", text or "", flags=re.I)
    found = {k.lower(): a or b for k, a, b in re.findall(r'(\w+)\s*=\s*(?:"([^"]*)"|([^",\s]*))', text)}
    return found if "username" in found and "mac" in found else None


class Prover:
    """My own credentials, as I show them to the other side."""

    def __init__(self, kind, name, password, nonce):
        self.kind, self.name, self.password, self.nonce = kind, name, password, nonce
        self.accepted, self.refused, self.stored = False, 0, nonce

    def cred(self):
        if self.accepted or self.kind in ("none", "mac"):
            return ""
        data = b64(f"{self.name}:{self.password}".encode()) if self.kind == "basic" else \
            b64(digest(self.name, self.password, self.nonce))
        return E("Cred", E("Meta", M("Format", "b64"), M("Type", AUTH_URN[self.kind])), T("Data", data))

    def hmac(self, body):
        if self.kind != "mac":
            return None
        mac = b64(digest(self.name, self.password, self.nonce, body))
        return f'algorithm=MD5, username="{self.name}", mac={mac}'

    def on_header_status(self, code, chal, trusted=True):
        """Returns True when the message has to be sent again with the new challenge."""
        nonce = chal and unb64(chal.val("Meta/NextNonce"))
        if chal and nonce:
            self.nonce = nonce
            if trusted:
                self.stored = nonce
        if code // 100 == 2:
            self.refused = 0
            self.accepted = code == 212 and self.kind != "mac"
            return False
        if code not in (401, 407):
            return False
        self.refused += 1
        wanted = (chal.val("Meta/Type") if chal else "").lower()
        order = ["basic", "md5", "mac"]
        kind = next((k for k in order if AUTH_URN[k] == wanted), None)
        if not kind or self.kind == "none" or self.refused > 1:
            raise PeerError("credentials-refused", f"status {code}, challenge {wanted or 'none'}")
        if order.index(kind) < order.index(self.kind):
            raise PeerError("challenge-too-weak", wanted)
        self.kind, self.accepted = kind, False
        return True


class Checker:
    """The other side's credentials, as I demand them."""

    def __init__(self, kind, name, password, nonces):
        self.kind, self.name, self.password, self.nonces = kind, name, password, list(nonces)
        self.accepted, self.refused, self.next = False, 0, None

    def check(self, head, body, hmac):
        if self.kind == "none":
            return 200
        missing = 401 if self.refused else 407
        if self.kind == "mac":
            got = hmac_parse(hmac)
            if not got:
                return missing
            good = got["username"] == self.name and got.get("algorithm", "MD5").upper() == "MD5" and \
                any(unb64(got["mac"]) == digest(self.name, self.password, n, body) for n in self.nonces)
            return 200 if good else 401
        cred = head.get("Cred")
        if not cred:
            return 212 if self.accepted else missing
        kind = cred.val("Meta/Type").lower()
        data = cred.get("Data").data if cred.get("Data") else b""
        user = head.val("Source/LocName")
        if self.kind == "basic":
            good = kind == AUTH_URN["basic"] and unb64(data) == f"{self.name}:{self.password}".encode()
        else:
            wanted = [digest(self.name, self.password, n) for n in self.nonces]
            good = kind == AUTH_URN["md5"] and user in ("", self.name) and \
                (unb64(data) in wanted or data in wanted)
        return 212 if good else 401

    def verdict(self, code):
        """Book the outcome; returns the Chal to send with it ('' = none)."""
        if code in (401, 407):
            self.refused += 1
            self.accepted = False
            if self.refused > 1:
                return ""
        elif self.kind in ("none", "basic") or (self.kind == "md5" and self.accepted):
            self.accepted, self.refused = True, 0
            return ""
        self.accepted = code not in (401, 407)
        self.refused = self.refused if code in (401, 407) else 0
        meta = [M("Format", "b64"), M("Type", AUTH_URN[self.kind])]
        if self.kind != "basic":
            fresh = os.urandom(16)
            self.nonces = self.nonces + [fresh] if code == 212 else [fresh]
            self.next = fresh
            meta.append(M("NextNonce", b64(fresh)))
        return E("Chal", E("Meta", *meta))


# ---- SyncML as XML ------------------------------------------------------------------------------

def E(tag, *kids):
    inner = "".join(k for k in kids if k)
    return f"<{tag}>{inner}</{tag}>" if inner else f"<{tag}/>"


def T(tag, text):
    return f"<{tag}>{escape(str(text))}</{tag}>"


def M(tag, text):
    return f'<{tag} xmlns="syncml:metinf">{escape(str(text))}</{tag}>'


def status(msg_ref, cmd_ref, cmd, code, target="", source="", chal="", item=""):
    return E("Status", "<CmdID>@</CmdID>", T("MsgRef", msg_ref), T("CmdRef", cmd_ref), T("Cmd", cmd),
             target and T("TargetRef", target), source and T("SourceRef", source), chal,
             T("Data", code), item)


def document(head, commands, final):
    """commands: XML texts whose '<CmdID>@</CmdID>' are numbered as they come, children behind their parents."""
    count = iter(range(1, 1 << 30))
    numbered = [re.sub("<CmdID>@</CmdID>", lambda _: f"<CmdID>{next(count)}</CmdID>", c) for c in commands]
    return ('<SyncML xmlns="SYNCML:SYNCML1.2">' + head +
            E("SyncBody", *numbered, "<Final/>" if final else "") + "</SyncML>")


class Node:
    """One parsed element; .data holds the bytes of the content, untrimmed."""

    def __init__(self, elem, cuts):
        self.name = elem.tag.rsplit("}", 1)[-1]
        self.kids = [Node(k, cuts) for k in elem if isinstance(k.tag, str)]
        text = (elem.text or "") + "".join(k.tail or "" for k in elem)
        if self.name == "Data" and self.kids:
            self.data = "".join(k.xml() for k in self.kids).encode()
        elif cuts:
            parts = re.split(r"~#(\d+)#~", text)
            self.data = b"".join(cuts[int(p)] if i % 2 else p.encode() for i, p in enumerate(parts))
        else:
            self.data = text.encode()

    def xml(self):
        return E(self.name, *(k.xml() for k in self.kids)) if self.kids else T(self.name, self.text)

    @property
    def text(self):
        return self.data.decode("utf-8", "replace").strip(" \t\r\n\0")

    def all(self, name):
        return [k for k in self.kids if k.name == name]

    def get(self, path):
        node = self
        for name in path.split("/"):
            found = node.all(name)
            if not found and node.all("MetInf"):
                found = node.all("MetInf")[0].all(name)
            if not found:
                return None
            node = found[0]
        return node

    def val(self, path, default=""):
        node = self.get(path)
        return node.text if node else default

    def num(self, path, default=None):
        text = self.val(path)
        return int(text) if re.fullmatch(r"[+]?\d+", text) else default


def sniff(body):
    return "xml" if body[:1] == b"<" or body[:2] in (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb") else "wbxml"


def encoding_of(content_type):
    plain = content_type.split(";")[0].strip(" \0").lower().replace("syncml.dm+", "syncml+")
    return {"application/vnd.syncml+wbxml": "wbxml", "application/vnd.syncml+xml": "xml"}.get(plain)


def parse(body, encoding):
    cuts = []
    try:
        if encoding == "wbxml":
            flat, cuts = wbxml_cut(body)
            body = tool(["wbxml2xml", "-m", "0", "-l", "SYNCML12", "-o", "-", "-"], flat)
        if b"<!ENTITY" in body.replace(b"\0", b"")[:4096]:
            raise PeerError("unreadable-message", "entity declaration")
        root = Node(ET.fromstring(body), cuts)
    except (ET.ParseError, IndexError, ValueError) as e:
        raise PeerError("unreadable-message", str(e))
    if root.name != "SyncML" or not root.get("SyncHdr") or not root.get("SyncBody"):
        raise PeerError("unreadable-message", "no SyncHdr or SyncBody")
    return root


# ---- WBXML ----------------------------------------------------------------------------------------

def tool(command, data):
    done = subprocess.run(command, input=data, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if done.returncode or not done.stdout:
        raise PeerError("unreadable-message", f"{command[0]}: {done.stderr.decode(errors='replace')[:200]}")
    return done.stdout


def encode(xml, encoding, raw=None):
    """raw: {marker text: bytes} put in place of OPAQUE markers (WBXML only)."""
    if encoding == "xml":
        return b'<?xml version="1.0" encoding="UTF-8"?>' + xml.encode()
    body = tool(["xml2wbxml", "-n", "-v", "1.2", "-o", "-", "-"], xml.encode())
    for marker, data in (raw or {}).items():
        mark = marker.encode()
        old = b"\xc3" + mb(len(mark)) + mark
        if body.count(old) != 1:
            raise PeerError("encode-failed", "marker not found")
        body = body.replace(old, b"\xc3" + mb(len(data)) + data)
    return body


def mb(number):
    out = bytes([number & 0x7F])
    while number > 0x7F:
        number >>= 7
        out = bytes([0x80 | number & 0x7F]) + out
    return out


def wbxml_cut(b):
    """Rewrites a WBXML message without string table and OPAQUE; the content of Data goes to a list."""
    def num(i):
        value = 0
        for i in range(i, i + 5):
            value = value << 7 | b[i] & 0x7F
            if b[i] < 0x80:
                return value, i + 1
        raise PeerError("unreadable-message", "mb_u_int32 too long")
    public, i = num(1)
    if public == 0:
        _, i = num(i)
    charset, i = num(i) if b[0] else (106, i)
    size, i = num(i)
    table, i = b[i:i + size], i + size
    out, page, stack, cuts = bytearray(b"\x02\xa4\x01\x6a\x00"), 0, [], []
    while i < len(b):
        t = b[i]
        i += 1
        if t == 0:
            page = b[i]
            out += bytes((0, page))
            i += 1
        elif t == 1:
            out.append(1)
            stack.pop()
            if not stack:
                return bytes(out), cuts
        elif t in (2, 3, 0x83, 0xC3):
            if t == 3:
                end = b.index(0, i)
                raw, i = b[i:end], end + 1
            else:
                n, i = num(i)
                if t == 0xC3:
                    raw, i = b[i:i + n], i + n
                    if len(raw) != n:
                        raise PeerError("unreadable-message", "OPAQUE runs past the end")
                else:
                    raw = chr(n).encode() if t == 2 else table[n:].split(b"\0")[0]
            if charset == 4 and t != 0xC3:
                raw = raw.decode("latin-1").encode()
            if stack and stack[-1] == (0, 0x0F):
                cuts.append(raw)
                raw = b"~#%d#~" % (len(cuts) - 1)
            elif t == 0xC3 and stack and stack[-1] == (1, 0x10) and unb64(raw) is None:
                raw = b64(raw).encode()
            out += b"\x03" + raw.replace(b"\0", b"") + b"\0"
        elif t & 0x80 or t & 0x3F < 5 or t in (0x43,):
            raise PeerError("unreadable-message", f"token {t:02x} is not SyncML")
        else:
            out.append(t)
            if t & 0x40:
                stack.append((page, t & 0x3F))
    raise PeerError("unreadable-message", "WBXML ends early")
