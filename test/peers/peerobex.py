"""OBEX over a TCP stream and the notification message (package 0) for the independent peers."""
import struct

from peerlib import PeerError, digest

CONNECT, DISCONNECT, PUT, GET, SETPATH, ABORT = 0x80, 0x81, 0x02, 0x03, 0x85, 0xFF
CONTINUE, SUCCESS = 0x90, 0xA0
NAME, TYPE, TARGET, BODY, END, WHO, HMAC, LENGTH, CONNECTION = 1, 0x42, 0x46, 0x48, 0x49, 0x4A, 0x30, 0xC3, 0xCB
SYNCML_DM = b"SYNCML-DM"
FOLDERS = bytes.fromhex("F9EC7BC4953C11D2984E525400DC9E09")


class LinkLost(Exception):
    pass


def header(ident, value):
    if ident >> 6 == 0:
        raw = value.encode("utf-16-be") + b"\0\0" if value else b""
        return struct.pack(">BH", ident, len(raw) + 3) + raw
    if ident >> 6 == 1:
        return struct.pack(">BH", ident, len(value) + 3) + value
    return struct.pack(">BB" if ident >> 6 == 2 else ">BI", ident, value)


def type_header(mime):
    return header(TYPE, mime.encode() + b"\0")


def headers(raw):
    """{id: value}; Body and End-of-Body are joined, the first of any other header counts."""
    out, i = {}, 0
    while i < len(raw):
        ident = raw[i]
        if ident >> 6 < 2:
            if i + 3 > len(raw):
                raise PeerError("obex-bad-header")
            size = struct.unpack_from(">H", raw, i + 1)[0]
            if size < 3 or i + size > len(raw):
                raise PeerError("obex-bad-header")
            value, i = raw[i + 3:i + size], i + size
            if ident >> 6 == 0:
                value = value.decode("utf-16-be", "replace").rstrip("\0")
        else:
            size = 2 if ident >> 6 == 2 else 5
            if i + size > len(raw):
                raise PeerError("obex-bad-header")
            value, i = int.from_bytes(raw[i + 1:i + size], "big"), i + size
        if ident in (BODY, END):
            out[BODY] = out.get(BODY, b"") + value
            out[END] = out.get(END) or ident == END
        else:
            out.setdefault(ident, value)
    return out


def merge(into, new):
    for key, value in new.items():
        if key == BODY:
            into[BODY] = into.get(BODY, b"") + value
        elif key == END:
            into[END] = into.get(END) or value
        else:
            into.setdefault(key, value)


def mime(found):
    return found.get(TYPE, b"").decode("latin-1").strip(" \0").lower()


def pieces(heads, body, room):
    """The header part of each packet of one object."""
    out, cur = [], b""
    for head in heads:
        if cur and len(cur) + len(head) > room:
            out.append(cur)
            cur = b""
        cur += head
    at = 0
    while body is not None:
        space = min(room - len(cur) - 3, len(body) - at)
        if room - len(cur) < 4:
            out.append(cur)
            cur = b""
            continue
        last = at + space >= len(body)
        cur += struct.pack(">BH", END if last else BODY, space + 3) + body[at:at + space]
        at += space
        if last:
            break
        out.append(cur)
        cur = b""
    return out + [cur]


class Link:
    def __init__(self, sock, own=65535, log=None):
        self.sock, self.own, self.peer, self.connection = sock, own, 255, None
        self.timeout(300)

    def timeout(self, seconds):
        self.sock.settimeout(seconds)

    def send(self, code, payload=b""):
        if len(payload) + 3 > 65535:
            raise PeerError("obex-packet-too-long")
        try:
            self.sock.sendall(struct.pack(">BH", code, len(payload) + 3) + payload)
        except OSError as e:
            raise LinkLost(str(e))

    def exactly(self, count):
        data = b""
        while len(data) < count:
            try:
                part = self.sock.recv(count - len(data))
            except OSError as e:
                raise LinkLost(str(e))
            if not part:
                raise LinkLost("closed")
            data += part
        return data

    def recv(self):
        code, size = struct.unpack(">BH", self.exactly(3))
        if size < 3 or size > max(self.own, 255):
            raise LinkLost(f"packet length {size} breaks the announced limit")
        return code, self.exactly(size - 3)

    # -- client side --------------------------------------------------------------------------
    def ask(self, code, payload=b""):
        self.send(code, payload)
        return self.recv()

    def connect(self, target=SYNCML_DM):
        fixed = struct.pack(">BBH", 0x10, 0, self.own)
        code, got = self.ask(CONNECT, fixed + (header(TARGET, target) if target else b""))
        if code != SUCCESS or len(got) < 4:
            raise PeerError("obex-connect-refused", f"{code:02X}")
        self.peer = max(255, struct.unpack_from(">H", got, 2)[0])
        found = headers(got[4:])
        if target and (found.get(WHO) != target or CONNECTION not in found):
            raise PeerError("obex-connect-answer", "no Who or ConnectionID")
        self.connection = found.get(CONNECTION)

    def heads(self, content_type, hmac=None, length=None):
        first = [] if self.connection is None else [header(CONNECTION, self.connection)]
        first.append(type_header(content_type))
        if length is not None:
            first.append(header(LENGTH, length))
        return first + ([header(HMAC, hmac)] if hmac else [])

    def put(self, content_type, body, hmac=None):
        parts = pieces(self.heads(content_type, hmac, len(body)), body, self.peer - 3)
        for n, part in enumerate(parts):
            last = n == len(parts) - 1
            code, _ = self.ask(PUT | (0x80 if last else 0), part)
            if code == CONTINUE and last:
                code, _ = self.ask(PUT | 0x80, header(END, b""))
            if code != (SUCCESS if last else CONTINUE):
                return code
        return SUCCESS

    def get(self, content_type):
        """(response code, headers with the whole body)."""
        parts = pieces(self.heads(content_type), None, self.peer - 3)
        for part in parts[:-1]:
            code, _ = self.ask(GET, part)
            if code != CONTINUE:
                return code, {}
        code, got = self.ask(GET | 0x80, parts[-1])
        found = headers(got)
        while code == CONTINUE:
            code, got = self.ask(GET | 0x80)
            merge(found, headers(got))
        return code, found

    def disconnect(self):
        try:
            self.timeout(5)
            self.ask(DISCONNECT, b"" if self.connection is None else header(CONNECTION, self.connection))
        except LinkLost:
            pass
        self.sock.close()

    # -- server side --------------------------------------------------------------------------
    def answer_object(self, heads, body):
        """Answers a finished GET; False when the client aborted."""
        parts = pieces(heads, body, self.peer - 3)
        for n, part in enumerate(parts):
            last = n == len(parts) - 1
            self.send(SUCCESS if last else CONTINUE, part)
            if not last:
                code, _ = self.recv()
                if code & 0x7F != GET:
                    self.send(SUCCESS if code == ABORT else 0xC0)
                    return False
        return True


# ---- package 0 ------------------------------------------------------------------------------------

def notification(server_id, password, nonce, session, ui=1, initiator=1):
    name = server_id.encode()
    first = (11 << 30 | ui << 28 | initiator << 27).to_bytes(5, "big")
    trigger = first + session.to_bytes(2, "big") + bytes([len(name)]) + name
    return digest(server_id, password, nonce, trigger) + trigger


def notification_read(raw):
    if len(raw) < 24 or len(raw) < 24 + raw[23]:
        raise PeerError("bad-notification", "too short")
    return {"digest": raw[:16], "trigger": raw[16:], "version": int.from_bytes(raw[16:21], "big") >> 30,
            "session": int.from_bytes(raw[21:23], "big"),
            "server": raw[24:24 + raw[23]].decode("utf-8", "replace")}
